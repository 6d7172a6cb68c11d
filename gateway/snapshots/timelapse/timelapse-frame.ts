import sharp from 'sharp';
import { drawStamp } from './date-stamp.ts';
import type { Stamp } from './date-stamp.ts';
import { toneCurve } from './steady-luma.ts';

/** How a picture becomes a frame. */
export interface FrameWish {
  width: number;
  height: number;
  /** Mean luminance that the picture is brought to, 0 to 255. */
  targetLuma: number;
  /** Digits, `-`, `:` and spaces. */
  stamp: string;
}

const DIGIT_SHARE_OF_HEIGHT = 0.024;
const MARGIN_SHARE_OF_HEIGHT = 0.022;
/** As for every picture that this gateway decodes. */
const MOST_PIXELS = 40_000_000;

/**
 * Raw RGB of exactly width × height × 3 bytes: the picture as large as it goes, black bars around, brightness steadied,
 * date at the lower left. Throws sharp's error when the bytes are no picture.
 */
export async function timelapseFrame(jpeg: Uint8Array, wish: FrameWish): Promise<Buffer> {
  const { width, height } = wish;
  const { data: rgb, info } = await sharp(jpeg, { limitInputPixels: MOST_PIXELS })
    .resize({ width, height, fit: 'inside' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const curve = toneCurve(rgb, wish.targetLuma);
  for (let at = 0; at < rgb.length; at += 1) rgb[at] = curve[rgb[at] ?? 0] ?? 0;
  const left = Math.floor((width - info.width) / 2);
  const top = Math.floor((height - info.height) / 2);
  const frame = inFrame(rgb, info, { width, height, left, top });
  const stamp = await drawStamp(wish.stamp, Math.max(8, Math.round(height * DIGIT_SHARE_OF_HEIGHT)));
  const margin = Math.round(height * MARGIN_SHARE_OF_HEIGHT);
  const atBottom = Math.max(0, top + info.height - margin - stamp.height);
  draw(frame, width, stamp, Math.min(left + margin, Math.max(0, width - stamp.width)), atBottom);
  return frame;
}

interface Size {
  width: number;
  height: number;
}

function inFrame(rgb: Buffer, picture: Size, frame: Size & { left: number; top: number }): Buffer {
  if (picture.width === frame.width && picture.height === frame.height) return rgb;
  const canvas = Buffer.alloc(frame.width * frame.height * 3);
  const rowBytes = picture.width * 3;
  for (let y = 0; y < picture.height; y += 1) {
    const to = ((frame.top + y) * frame.width + frame.left) * 3;
    rgb.copy(canvas, to, y * rowBytes, (y + 1) * rowBytes);
  }
  return canvas;
}

/** Lays the stamp over the frame; what does not fit is cut off. */
function draw(frame: Buffer, frameWidth: number, stamp: Stamp, left: number, top: number): void {
  const shown = Math.min(stamp.width, frameWidth - left);
  for (let y = 0; y < stamp.height; y += 1) {
    for (let x = 0; x < shown; x += 1) {
      const from = (y * stamp.width + x) * 4;
      const to = ((top + y) * frameWidth + left + x) * 3;
      const alpha = (stamp.rgba[from + 3] ?? 0) / 255;
      for (let channel = 0; channel < 3 && to + channel < frame.length; channel += 1) {
        const below = frame[to + channel] ?? 0;
        const above = stamp.rgba[from + channel] ?? 0;
        frame[to + channel] = Math.round(below + (above - below) * alpha);
      }
    }
  }
}
