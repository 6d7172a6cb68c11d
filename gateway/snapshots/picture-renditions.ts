import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { watermarkSvg } from './watermark-svg.ts';

/** Sizes and formats in which a picture is handed out. */
export type PictureSize = 'full' | 'large' | 'thumb';
export type PictureFormat = 'jpeg' | 'webp' | 'avif';

/** What to make of an original; `watermark` are lines of text drawn into the copy. */
export interface Rendition {
  size: PictureSize;
  format: PictureFormat;
  watermark: readonly string[];
}

const LARGE_WIDTH = 1920;
const THUMB_WIDTH = 320;
/** A film strip loads hundreds of thumbs over a mobile network. */
const THUMB_MOST_BYTES = 12 * 1024;
const THUMB_QUALITIES = [70, 55, 40, 25, 10];
const QUALITY = { jpeg: 86, webp: 80, avif: 58 };

/** A decoded picture, three bytes a pixel. */
export interface RawPicture {
  data: Buffer;
  width: number;
  height: number;
}

/** Decodes an original once for all that is made and measured of it: at most 1920 wide. Throws sharp's error when it is no picture. */
export function openPicture(original: Buffer): Promise<RawPicture> {
  return rawPicture(sharp(original), LARGE_WIDTH);
}

/** The copies stored beside each original: WebP, at most 1920 wide, and 320 wide within 12 KiB. */
export async function storedRenditions(
  original: Buffer | RawPicture,
): Promise<{ large: Buffer; thumb: Buffer }> {
  const opened = Buffer.isBuffer(original) ? await openPicture(original) : original;
  const large = await encode(sharpOf(opened), 'webp', QUALITY.webp);
  const thumb = await encodeThumb(await rawPicture(sharpOf(opened), THUMB_WIDTH), 'webp', []);
  return { large, thumb };
}

/** Makes one rendition; the original bytes are never changed. Throws sharp's error when they are no picture. */
export async function render(original: Buffer, rendition: Rendition): Promise<Buffer> {
  const opened = await rawPicture(sharp(original), widthOf(rendition.size));
  const { format, watermark } = rendition;
  if (rendition.size === 'thumb') return encodeThumb(opened, format, watermark);
  return encode(marked(opened, watermark), format, QUALITY[format]);
}

async function encodeThumb(
  opened: RawPicture,
  format: PictureFormat,
  watermark: readonly string[],
): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0);
  for (const quality of THUMB_QUALITIES) {
    bytes = await encode(marked(opened, watermark), format, quality);
    if (bytes.byteLength <= THUMB_MOST_BYTES) break;
  }
  return bytes;
}

async function rawPicture(image: Sharp, width: number | undefined): Promise<RawPicture> {
  const { data, info } = await image
    .resize({ width, withoutEnlargement: true })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** The decoded picture as sharp takes it. */
export function sharpOf({ data, width, height }: RawPicture): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function marked(opened: RawPicture, watermark: readonly string[]): Sharp {
  if (watermark.length === 0) return sharpOf(opened);
  const svg = watermarkSvg(watermark, opened.width, opened.height);
  return sharpOf(opened)
    .composite([{ input: Buffer.from(svg) }])
    .removeAlpha();
}

/** A JPEG at most `width` wide, for posters. */
export function posterJpeg(original: Buffer, width: number): Promise<Buffer> {
  return sharp(original).resize({ width, withoutEnlargement: true }).jpeg({ quality: 80 }).toBuffer();
}

function widthOf(size: PictureSize): number | undefined {
  if (size === 'full') return undefined;
  return size === 'large' ? LARGE_WIDTH : THUMB_WIDTH;
}

function encode(image: Sharp, format: PictureFormat, quality: number): Promise<Buffer> {
  // Least effort: a capture makes two of these, and the processor is shared with live video.
  if (format === 'webp') return image.webp({ quality, effort: 1 }).toBuffer();
  if (format === 'avif') return image.avif({ quality, effort: 1 }).toBuffer();
  return image.jpeg({ quality }).toBuffer();
}
