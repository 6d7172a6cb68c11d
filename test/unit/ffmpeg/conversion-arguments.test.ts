import { describe, expect, it } from 'vitest';
import { conversionArguments } from '../../../gateway/ffmpeg/conversion-arguments.ts';
import { planH264 } from '../../../gateway/ffmpeg/h264-plan.ts';

describe('the arguments of a conversion', () => {
  it('read and write pipes alone and allow no other protocol', () => {
    const list = conversionArguments({ codec: 'h265', width: 1920, height: 1080, fps: 25 });
    expect(list.filter((_argument, index) => list[index - 1] === '-i')).toEqual(['pipe:0']);
    expect(list.at(-1)).toBe('pipe:1');
    expect(list[list.indexOf('-protocol_whitelist') + 1]).toBe('pipe');
    expect(list).toContain('-nostdin');
  });

  it('scale only where the picture is too wide or odd', () => {
    const filter = (width: number, height: number): string | undefined =>
      filtersOf({ codec: 'h265', width, height, fps: 25 });
    expect(filter(1280, 720)).toBe('format=yuv420p');
    expect(filter(3840, 2160)).toBe('scale=1920:1080:flags=fast_bilinear,format=yuv420p');
    expect(filter(705, 577)).toBe('scale=706:578:flags=fast_bilinear,format=yuv420p');
  });
});

describe('colours', () => {
  const wide = { width: 1920, height: 1080, fps: 25 };

  it('of a picture that names no matrix change with the lines, as players take them', () => {
    expect(filtersOf({ ...wide, codec: 'h264' }, 'low')).toBe(
      'scale=640:360:flags=fast_bilinear:in_color_matrix=bt709:out_color_matrix=bt601,format=yuv420p',
    );
  });

  it('of one that names its matrix stay', () => {
    expect(filtersOf({ ...wide, codec: 'h264', colour: { matrix: 'bt709' } }, 'low')).toBe(
      'scale=640:360:flags=fast_bilinear,format=yuv420p',
    );
  });

  it('of MJPEG leave full range, and its key frames are not those of the H.264', () => {
    const source = { ...wide, codec: 'mjpeg', colour: { matrix: 'bt601' } } as const;
    expect(filtersOf(source)).toBe('scale=in_range=full:out_range=limited,format=yuv420p');
    expect(conversionArguments(source)).toContain('expr:gte(t,n_forced*2)');
    expect(conversionArguments({ ...source, codec: 'h265' })).toContain('source');
  });
});

describe('the plan of a low rendition', () => {
  it.each([
    [
      { width: 3840, height: 2160, fps: 25 },
      { width: 640, height: 360 },
    ],
    [
      { width: 1080, height: 1920, fps: 25 },
      { width: 360, height: 640 },
    ],
    [
      { width: 2048, height: 1536, fps: 30 },
      { width: 640, height: 480 },
    ],
    [
      { width: 352, height: 288, fps: 12 },
      { width: 352, height: 288 },
    ],
  ])('of %o is small and below 500 kbit/s', (source, size) => {
    const plan = planH264(source, 'low');
    expect(plan).toMatchObject(size);
    expect(plan.maxKbps).toBeLessThanOrEqual(450);
  });
});

function filtersOf(...of: Parameters<typeof conversionArguments>): string | undefined {
  const list = conversionArguments(...of);
  return list[list.indexOf('-filter:v') + 1];
}

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
