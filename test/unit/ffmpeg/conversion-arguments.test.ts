import { describe, expect, it } from 'vitest';
import { conversionArguments } from '../../../gateway/ffmpeg/conversion-arguments.ts';
import { planH264 } from '../../../gateway/ffmpeg/h264-plan.ts';

describe('the arguments of a conversion', () => {
  it('read and write pipes alone and allow no other protocol', () => {
    const list = conversionArguments({ width: 1920, height: 1080, fps: 25 });
    expect(list.filter((_argument, index) => list[index - 1] === '-i')).toEqual(['pipe:0']);
    expect(list.at(-1)).toBe('pipe:1');
    expect(list[list.indexOf('-protocol_whitelist') + 1]).toBe('pipe');
    expect(list).toContain('-nostdin');
  });

  it('scale only where the picture is too wide or odd', () => {
    const filter = (width: number, height: number): string | undefined => {
      const list = conversionArguments({ width, height, fps: 25 });
      return list[list.indexOf('-filter:v') + 1];
    };
    expect(filter(1280, 720)).toBe('format=yuv420p');
    expect(filter(3840, 2160)).toBe('scale=1920:1080:flags=fast_bilinear,format=yuv420p');
    expect(filter(705, 577)).toBe('scale=706:578:flags=fast_bilinear,format=yuv420p');
  });
});

describe('the plan of a conversion', () => {
  it.each([
    [{ width: 704, height: 576, fps: 25 }, '3.0', 'avc1.4d401e'],
    [{ width: 1280, height: 720, fps: 25 }, '3.1', 'avc1.4d401f'],
    [{ width: 1920, height: 1080, fps: 30 }, '4.0', 'avc1.4d4028'],
    [{ width: 1920, height: 1080, fps: 50 }, '4.2', 'avc1.4d402a'],
    [{ width: 1080, height: 1920, fps: null }, '4.0', 'avc1.4d4028'],
  ])('takes the lowest level that holds %o', (source, level, codecString) => {
    expect(planH264(source)).toMatchObject({ level, codecString });
  });

  it('takes nonsense frame rates as unknown', () => {
    for (const fps of [0, 0.1, 90_000, Number.NaN, null])
      expect(planH264({ width: 640, height: 360, fps }).fps).toBe(25);
  });
});
