import { expect, it } from 'vitest';
import { pictureArguments } from '../../../gateway/ffmpeg/picture-arguments.ts';

it('reads and writes pipes alone and allows no other protocol', () => {
  const list = pictureArguments({ codec: 'h265', height: 1080 });
  expect(list.slice(list.indexOf('-i'), list.indexOf('-i') + 2)).toEqual(['-i', 'pipe:0']);
  expect(list.at(-1)).toBe('pipe:1');
  expect(list[list.indexOf('-protocol_whitelist') + 1]).toBe('pipe');
  expect(list[list.indexOf('-f') + 1]).toBe('hevc');
});

it('reads pictures without a named matrix as browsers do: BT.709 from 720 lines up', () => {
  const matrix = (height: number): string | undefined => {
    const list = pictureArguments({ codec: 'h264', height });
    return list[list.indexOf('-colorspace') + 1];
  };
  expect([matrix(576), matrix(720)]).toEqual(['smpte170m', 'bt709']);
});
