import { expect, it } from 'vitest';
import { pictureArguments } from '../../../gateway/ffmpeg/picture-arguments.ts';

it('reads and writes pipes alone and allows no other protocol', () => {
  const list = pictureArguments({ codec: 'h265', height: 1080 });
  expect(list.slice(list.indexOf('-i'), list.indexOf('-i') + 2)).toEqual(['-i', 'pipe:0']);
  expect(list.at(-1)).toBe('pipe:1');
  expect(list[list.indexOf('-protocol_whitelist') + 1]).toBe('pipe');
  expect(list[list.indexOf('-f') + 1]).toBe('hevc');
});

const matrix = (input: Parameters<typeof pictureArguments>[0]): string | undefined =>
  /in_color_matrix=(\w+)/.exec(pictureArguments(input).join(' '))?.[1];

it('reads pictures without a named matrix as browsers do: BT.709 from 720 lines up', () => {
  expect([576, 720].map((height) => matrix({ codec: 'h265', height }))).toEqual(['bt601', 'bt709']);
  expect(matrix({ codec: 'h264', height: 576, colour: { matrix: null } })).toBe('bt601');
});

it('reads pictures by the matrix that their stream names', () => {
  expect(matrix({ codec: 'h265', height: 1080, colour: { matrix: 'bt601' } })).toBe('bt601');
  expect(matrix({ codec: 'h264', height: 576, colour: { matrix: 'bt709' } })).toBe('bt709');
});
