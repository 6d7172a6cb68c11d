import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { systemClock } from '../../../gateway/base/clock.ts';
import { findFfmpeg } from '../../../gateway/ffmpeg/find-ffmpeg.ts';
import { KeyFrameDecoder } from '../../../gateway/ffmpeg/key-frame-decoder.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { keySample, madeKeyFrame, unitsOf } from '../../support/made-key-frame.ts';

const decoder = new KeyFrameDecoder({ clock: systemClock, program: () => findFfmpeg(), maxConcurrent: 2 });

async function centre(jpeg: Buffer): Promise<number[]> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * 3;
  return [...data.subarray(at, at + 3)];
}

describe('KeyFrameDecoder', () => {
  it('decodes H.264 and H.265 to a whole JPEG of the coded size', async () => {
    for (const codec of ['h264', 'h265'] as const) {
      const picture = await decoder.decode(madeKeyFrame({ codec }));
      expect(picture).toMatchObject({ width: 640, height: 360 });
      expect(await sharp(picture.jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 640, height: 360 });
    }
  });

  it('keeps odd sizes, 4K and 10 bit', async () => {
    expect(await decoder.decode(madeKeyFrame({ width: 854, height: 482 }))).toMatchObject({
      width: 854,
      height: 482,
    });
    const odd = madeKeyFrame({ width: 853, height: 481, pixelFormat: 'yuv444p' });
    expect(await decoder.decode(odd)).toMatchObject({ width: 853, height: 481 });
    const tenBit = madeKeyFrame({ codec: 'h265', width: 3840, height: 2160, pixelFormat: 'yuv420p10le' });
    expect(await decoder.decode(tenBit)).toMatchObject({ width: 3840, height: 2160 });
  });

  it('makes the pixels of anamorphic pictures square', async () => {
    const wide = madeKeyFrame({ width: 704, height: 576, sar: [16, 11] });
    expect(await decoder.decode(wide)).toMatchObject({ width: 1024, height: 576 });
    const tall = madeKeyFrame({ codec: 'h265', width: 1280, height: 360, sar: [1, 2] });
    expect(await decoder.decode(tall)).toMatchObject({ width: 1280, height: 720 });
  });

  it.each([
    { codec: 'h264', width: 1280, height: 720 },
    { codec: 'h264', width: 1280, height: 720, colorspace: 'bt709' },
    { codec: 'h264', width: 1280, height: 720, colorspace: 'smpte170m' },
    { codec: 'h265', width: 1280, height: 720, colorspace: 'bt709' },
    { codec: 'h265', width: 1280, height: 720, colorspace: 'smpte170m' },
    { codec: 'h265', width: 1280, height: 720 },
    { codec: 'h265', width: 640, height: 360 },
    { codec: 'h264', width: 640, height: 360, colorspace: 'bt709' },
    { codec: 'h264', width: 640, height: 360 },
  ] as const)('keeps colours true: $codec $height $colorspace', async (recipe) => {
    const { jpeg } = await decoder.decode(madeKeyFrame({ ...recipe, source: 'color=c=0xC83C28' }));
    const [red = 0, green = 0, blue = 0] = await centre(jpeg);
    expect(Math.abs(red - 0xc8)).toBeLessThanOrEqual(4);
    expect(Math.abs(green - 0x3c)).toBeLessThanOrEqual(4);
    expect(Math.abs(blue - 0x28)).toBeLessThanOrEqual(4);
  });

  it('refuses a frame with a missing slice, a cut or flipped bytes as damaged', async () => {
    const { track, sample } = madeKeyFrame({ slices: 4 });
    const units = unitsOf(sample);
    const last = units.at(-1) ?? Buffer.alloc(0);
    const cut = [...units.slice(0, -1), last.subarray(0, last.length / 2)];
    const flipped = last.map((byte, index) => (index > 200 && index < 260 ? byte ^ 0x5a : byte));
    for (const broken of [units.slice(0, -1), cut, [...units.slice(0, -1), Buffer.from(flipped)]]) {
      await expect(decoder.decode({ track, sample: keySample(broken, 0) })).rejects.toMatchObject({
        code: 'ffmpeg-failed',
        details: { damaged: true },
      });
    }
    const hevc = madeKeyFrame({ codec: 'h265' });
    const [slice = Buffer.alloc(0)] = unitsOf(hevc.sample).slice(-1);
    const half = keySample([slice.subarray(0, slice.length / 2)], 0);
    await expect(decoder.decode({ track: hevc.track, sample: half })).rejects.toMatchObject({
      details: { damaged: true },
    });
  });

  it('refuses a frame without parameter sets or without slices', async () => {
    const { track, sample } = madeKeyFrame();
    const none = { vps: [], sps: [], pps: [] };
    await expect(decoder.decode({ track: { ...track, parameterSets: none }, sample })).rejects.toMatchObject({
      code: 'ffmpeg-failed',
    });
    await expect(decoder.decode({ track, sample: keySample([], 0) })).rejects.toMatchObject({
      code: 'ffmpeg-failed',
    });
  });

  it('kills a decoding that outlives its deadline and gives its place to the next', async () => {
    const clock = new FakeClock();
    const program = (): Promise<{ path: string }> => Promise.resolve({ path: '/usr/bin/yes' });
    const stuck = new KeyFrameDecoder({ clock, program, maxConcurrent: 1, deadlineMs: 1000 });
    const first = stuck.decode(madeKeyFrame());
    const refused = expect(first).rejects.toMatchObject({ code: 'ffmpeg-failed' });
    await clock.advance(1000);
    await refused;
  });

  it('refuses what comes after stop', async () => {
    const stopped = new KeyFrameDecoder({
      clock: systemClock,
      program: () => findFfmpeg(),
      maxConcurrent: 1,
    });
    const running = stopped.decode(madeKeyFrame());
    stopped.stop();
    await expect(running).rejects.toMatchObject({ code: 'shutting-down' });
    await expect(stopped.decode(madeKeyFrame())).rejects.toMatchObject({ code: 'shutting-down' });
  });
});
