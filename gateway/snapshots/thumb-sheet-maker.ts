import sharp from 'sharp';
import type { Blobs } from '../base/blobs.ts';
import { copyKey } from './blob-keys.ts';

/** Tiles of 160×90 in rows of 12: as wide as a strip of the timeline on a fine screen. */
export const sheetLayout = { tileWidth: 160, tileHeight: 90, columns: 12, tilesAPage: 96 } as const;

const READS_AT_ONCE = 8;
const GROUND = { r: 10, g: 15, b: 18 };

/**
 * One WebP with the thumbnails of the pictures at `blobKeys`, row by row; each whole, never cropped, on a dark ground. A
 * picture whose files are gone or damaged leaves its tile dark.
 */
export async function makeThumbSheet(blobs: Blobs, blobKeys: readonly string[]): Promise<Buffer> {
  const { tileWidth, tileHeight, columns } = sheetLayout;
  const rows = Math.max(1, Math.ceil(blobKeys.length / columns));
  const width = columns * tileWidth;
  const stride = width * 3;
  const pixels = Buffer.alloc(stride * rows * tileHeight);
  for (let at = 0; at < pixels.length; at += 3) pixels.set([GROUND.r, GROUND.g, GROUND.b], at);
  for (let first = 0; first < blobKeys.length; first += READS_AT_ONCE) {
    const tiles = await Promise.all(
      blobKeys.slice(first, first + READS_AT_ONCE).map((key) => tileOf(blobs, key)),
    );
    for (const [index, tile] of tiles.entries()) {
      if (!tile) continue;
      const place = first + index;
      const left = (place % columns) * tileWidth * 3;
      const top = Math.floor(place / columns) * tileHeight;
      for (let y = 0; y < tileHeight; y += 1)
        tile.copy(pixels, (top + y) * stride + left, y * tileWidth * 3, (y + 1) * tileWidth * 3);
    }
  }
  const raw = { width, height: rows * tileHeight, channels: 3 } as const;
  return sharp(pixels, { raw }).webp({ quality: 62, effort: 1 }).toBuffer();
}

/** The thumbnail's pixels at tile size, or undefined when it cannot be had. */
async function tileOf(blobs: Blobs, blobKey: string): Promise<Buffer | undefined> {
  const bytes = (await blobs.get(copyKey(blobKey, 'thumb'))) ?? (await blobs.get(blobKey));
  if (!bytes) return undefined;
  try {
    return await sharp(bytes)
      .resize({
        width: sheetLayout.tileWidth,
        height: sheetLayout.tileHeight,
        fit: 'contain',
        background: GROUND,
      })
      .flatten({ background: GROUND })
      .toColourspace('srgb')
      .raw()
      .toBuffer();
  } catch {
    return undefined;
  }
}
