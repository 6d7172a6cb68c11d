import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { measurePicture, measuringCopy } from '../../../gateway/snapshots/picture-measure.ts';
import { render, storedThumb } from '../../../gateway/snapshots/picture-renditions.ts';

const plain = (value: number): Promise<Buffer> =>
  sharp({ create: { width: 800, height: 450, channels: 3, background: { r: value, g: value, b: value } } })
    .jpeg({ quality: 95 })
    .toBuffer();

function noise(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = (at * 2_654_435_761) % 251;
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

describe('measurePicture', () => {
  it('calls pictures black, overexposed, covered or ok', async () => {
    const verdict = async (jpeg: Buffer): Promise<string> => (await measurePicture(jpeg)).quality.verdict;
    expect(await verdict(await plain(4))).toBe('black');
    expect(await verdict(await plain(250))).toBe('overexposed');
    expect(await verdict(await plain(120))).toBe('covered');
    expect(await verdict(await noise(800, 450).jpeg().toBuffer())).toBe('ok');
    expect(await verdict(await noise(800, 450).blur(12).jpeg().toBuffer())).toBe('covered');
  });

  it('does not call a night with lamps black', async () => {
    const lamps = await sharp(await plain(3))
      .composite([
        {
          input: await sharp(await plain(255))
            .resize(80, 60)
            .toBuffer(),
          left: 100,
          top: 100,
        },
        {
          input: await sharp(await plain(255))
            .resize(60, 60)
            .toBuffer(),
          left: 500,
          top: 200,
        },
      ])
      .jpeg()
      .toBuffer();
    const { quality } = await measurePicture(lamps);
    expect(quality.luma).toBeLessThan(16);
    expect(quality.verdict).toBe('ok');
  });

  it('measures luminance on the scale 0 to 255', async () => {
    expect((await measurePicture(await plain(120))).quality.luma).toBeCloseTo(120, 0);
  });

  it('sees the green of slices never decoded, but not green things', async () => {
    const patch = (width: number, height: number, green: number): Promise<Buffer> =>
      sharp({ create: { width, height, channels: 3, background: { r: 0, g: green, b: 0 } } })
        .png()
        .toBuffer();
    const scene = (input: Buffer): Promise<Buffer> =>
      noise(1280, 720)
        .composite([{ input, left: 0, top: 300 }])
        .jpeg({ quality: 98 })
        .toBuffer();
    expect((await measurePicture(await scene(await patch(1280, 32, 135)))).damaged).toBe(true);
    expect((await measurePicture(await scene(await patch(1280, 32, 150)))).damaged).toBe(false);
    expect((await measurePicture(await scene(await patch(30, 30, 135)))).damaged).toBe(false);
  });
});

describe('renditions', () => {
  it('keep the shape, never enlarge, and hold thumbs within 12 KiB', async () => {
    const original = await noise(3840, 2160).jpeg().toBuffer();
    const large = await render(original, { size: 'large', format: 'webp', watermark: [] });
    const thumb = await storedThumb(original, 3840, await measuringCopy(original));
    expect(await sharp(large).metadata()).toMatchObject({ format: 'webp', width: 1920, height: 1080 });
    expect(await sharp(thumb).metadata()).toMatchObject({ format: 'webp', width: 320, height: 180 });
    expect(thumb.byteLength).toBeLessThanOrEqual(12 * 1024);
    const small = await noise(200, 100).jpeg().toBuffer();
    for (const size of ['large', 'thumb'] as const) {
      const copy = await render(small, { size, format: 'webp', watermark: [] });
      expect(await sharp(copy).metadata()).toMatchObject({ width: 200 });
    }
    const smallThumb = await storedThumb(small, 200, await measuringCopy(small));
    expect(await sharp(smallThumb).metadata()).toMatchObject({ format: 'webp', width: 200, height: 100 });
  });

  it('keep colours when the watermark is drawn', async () => {
    const original = await sharp({
      create: { width: 640, height: 360, channels: 3, background: { r: 200, g: 60, b: 40 } },
    })
      .jpeg()
      .toBuffer();
    const marked = await render(original, { size: 'full', format: 'jpeg', watermark: ['a', '项目'] });
    const { data } = await sharp(marked).extract({ left: 300, top: 20, width: 1, height: 1 }).raw().toBuffer({
      resolveWithObject: true,
    });
    expect(Math.abs((data[0] ?? 0) - 200)).toBeLessThan(4);
    expect(Math.abs((data[1] ?? 0) - 60)).toBeLessThan(4);
  });

  it('take the thumb from the copy that is measured, and it is as like the original as one made of it', async () => {
    const gradient = Buffer.alloc(1920 * 1080 * 3);
    for (let at = 0; at < gradient.length; at += 1) {
      const pixel = Math.floor(at / 3);
      const [x, y] = [pixel % 1920, Math.floor(pixel / 1920)];
      gradient[at] =
        at % 3 === 0 ? (x / 1920) * 255 : at % 3 === 1 ? (y / 1080) * 255 : (x >> 5) % 2 === 0 ? 40 : 210;
    }
    const original = await sharp(gradient, { raw: { width: 1920, height: 1080, channels: 3 } })
      .jpeg({ quality: 95 })
      .toBuffer();
    const pixels = async (webp: Buffer): Promise<Buffer> => sharp(webp).removeAlpha().raw().toBuffer();
    const ours = await pixels(await storedThumb(original, 1920, await measuringCopy(original)));
    const direct = await pixels(await render(original, { size: 'thumb', format: 'webp', watermark: [] }));
    // Of every pixel, not of a JPEG that was shrunk while it was decoded.
    const exact = await sharp(original).resize({ width: 320, fastShrinkOnLoad: false }).raw().toBuffer();
    expect(ours.length).toBe(320 * 180 * 3);
    const apart = (thumb: Buffer): number =>
      thumb.reduce((sum, value, at) => sum + Math.abs(value - (exact[at] ?? 0)), 0) / exact.length;
    expect(apart(ours)).toBeLessThan(apart(direct) + 0.5);
  });
});
