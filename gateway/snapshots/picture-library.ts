import type { Blobs } from '../base/blobs.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { ImageQuery } from '../contract/snapshot.ts';
import { copyKey } from './blob-keys.ts';
import { ByteCache } from './byte-cache.ts';
import { render } from './picture-renditions.ts';
import type { PictureFormat, Rendition } from './picture-renditions.ts';
import type { SnapshotRow } from './snapshot-row.ts';

/** Bytes to send and their media type. */
export interface ServedPicture {
  bytes: Buffer;
  contentType: string;
}

const CACHE_BYTES = 32 * 1024 * 1024;

/** What the library asks of the record. */
export interface LibraryRecord {
  /** False once the picture was removed. */
  has(id: string): Promise<boolean>;
  /** Throws when the disk is full. */
  requireRoom(): Promise<void>;
}

/**
 * Hands out pictures: originals as they lie, stored copies, and others made on request and kept a while. The large WebP
 * is stored when it is wanted for the first time: most pictures are never looked at, and making it costs as much as
 * taking the picture.
 */
export class PictureLibrary {
  readonly #blobs: Blobs;
  readonly #record: LibraryRecord;
  readonly #made = new ByteCache(CACHE_BYTES);
  readonly #making = new Map<string, Promise<Buffer>>();

  constructor(blobs: Blobs, record: LibraryRecord) {
    this.#blobs = blobs;
    this.#record = record;
  }

  /** `watermark` are the lines to draw when the query asks for it. Throws `storage-failed` when the original is gone. */
  async serve(
    row: SnapshotRow,
    query: ImageQuery,
    accept: string,
    watermark: readonly string[],
  ): Promise<ServedPicture> {
    const format = query.format ?? (query.size === 'full' ? 'jpeg' : acceptedFormat(accept));
    const contentType = `image/${format}`;
    const lines = query.watermark === '1' ? watermark : [];
    if (lines.length === 0 && query.size === 'full' && format === 'jpeg')
      return { bytes: await this.#original(row), contentType };
    const rendition = { size: query.size, format, watermark: lines };
    const stored = isStored(rendition) && (await this.#blobs.get(copyKey(row.blob_key, rendition.size)));
    return { bytes: stored || (await this.#make(row, rendition)), contentType };
  }

  /** Same wishes at the same time share the work. */
  #make(row: SnapshotRow, rendition: Rendition): Promise<Buffer> {
    const key = JSON.stringify([row.id, rendition]);
    const made = this.#made.get(key);
    if (made) return Promise.resolve(made);
    const running = this.#making.get(key);
    if (running) return running;
    const making = this.#original(row)
      .then((original) => render(original, rendition))
      .then(async (bytes) => {
        const isKept =
          isStored(rendition) && (await this.#store(copyKey(row.blob_key, rendition.size), row.id, bytes));
        if (!isKept) this.#made.set(key, bytes);
        return bytes;
      })
      .finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  /** False when that is not possible now: the picture is shown all the same. */
  async #store(key: string, id: string, bytes: Buffer): Promise<boolean> {
    try {
      await this.#record.requireRoom();
      await this.#blobs.put(key, bytes);
      // A picture is removed row first, then files: one that has gone meanwhile leaves this copy to us.
      if (!(await this.#record.has(id))) await this.#blobs.delete(key);
      return true;
    } catch {
      return false;
    }
  }

  async #original(row: SnapshotRow): Promise<Buffer> {
    const bytes = await this.#blobs.get(row.blob_key);
    if (!bytes) {
      throw new GatewayError(
        'storage-failed',
        `the file of snapshot ${row.id} is missing; verify the camera’s record and restore it from a backup`,
      );
    }
    return bytes;
  }
}

function isStored(rendition: Rendition): rendition is Rendition & { size: 'large' | 'thumb' } {
  return rendition.size !== 'full' && rendition.format === 'webp' && rendition.watermark.length === 0;
}

/** WebP where the client names it, AVIF (slow to make) where it names that alone, JPEG for all others. */
function acceptedFormat(accept: string): PictureFormat {
  const names = (format: string): boolean =>
    accept.split(',').some((part) => {
      const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
      return type === `image/${format}` && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    });
  if (names('webp')) return 'webp';
  return names('avif') ? 'avif' : 'jpeg';
}
