import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { RgbPicture } from './picture-measure.ts';
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

/**
 * The copy stored beside each original: WebP, 320 wide, within 12 KiB. `copy` is the original (`width` pixels wide)
 * already made smaller, where it was larger: it saves decoding them again.
 */
export async function storedThumb(original: Buffer, width: number, copy: RgbPicture): Promise<Buffer> {
  if (width <= copy.width) return render(original, { size: 'thumb', format: 'webp', watermark: [] });
  const { data, info } = await sharp(copy.data, {
    raw: { width: copy.width, height: copy.height, channels: 3 },
  })
    .resize({ width: THUMB_WIDTH })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return encodeThumb(() => sharp(data, { raw: info }), 'webp');
}

/** Makes one rendition; the original bytes are never changed. Throws sharp's error when they are no picture. */
export async function render(original: Buffer, rendition: Rendition): Promise<Buffer> {
  const { data, info } = await sharp(original)
    .resize({ width: widthOf(rendition.size), withoutEnlargement: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const picture = (): Sharp => {
    const image = sharp(data, { raw });
    if (rendition.watermark.length === 0) return image;
    const svg = watermarkSvg(rendition.watermark, info.width, info.height);
    return image.composite([{ input: Buffer.from(svg) }]).removeAlpha();
  };
  if (rendition.size === 'thumb') return encodeThumb(picture, rendition.format);
  return encode(picture(), rendition.format, QUALITY[rendition.format]);
}

async function encodeThumb(picture: () => Sharp, format: PictureFormat): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0);
  for (const quality of THUMB_QUALITIES) {
    bytes = await encode(picture(), format, quality);
    if (bytes.byteLength <= THUMB_MOST_BYTES) break;
  }
  return bytes;
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
  // Least effort: the processor is shared with live video.
  if (format === 'webp') return image.webp({ quality, effort: 1 }).toBuffer();
  if (format === 'avif') return image.avif({ quality, effort: 1 }).toBuffer();
  return image.jpeg({ quality }).toBuffer();
}
