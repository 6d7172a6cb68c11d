import type { Blobs } from '../base/blobs.ts';
import { GatewayError, isGatewayError, messageOf } from '../base/gateway-error.ts';
import { newId } from '../base/new-id.ts';
import { sha256Of } from './chain-hash.ts';
import { copyKey, originalKey } from './blob-keys.ts';
import type { CapturedPicture } from './capture.ts';
import type { SnapshotRow } from './snapshot-row.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/**
 * Puts pictures on record in the promised order: files with fsync, folder with fsync, and only then the row. What is cut
 * off in between is a file without row, which `SnapshotRecovery` removes.
 */
export class SnapshotRecorder {
  readonly #blobs: Blobs;
  readonly #store: SnapshotStore;
  readonly #underWay = new Set<string>();

  constructor(options: { blobs: Blobs; store: SnapshotStore }) {
    this.#blobs = options.blobs;
    this.#store = options.store;
  }

  /** True while the original of this key has no row yet, but is about to get it. */
  isUnderWay(key: string): boolean {
    return this.#underWay.has(key);
  }

  /** The new row, or undefined when the slot got its picture in the meantime. Throws `storage-failed`; nothing is left then. */
  async record(
    cameraId: string,
    picture: Omit<CapturedPicture, 'facts'>,
    scheduledForMs: number | null,
  ): Promise<SnapshotRow | undefined> {
    const id = newId('snap');
    const key = originalKey(cameraId, picture.takenAtMs, id);
    const files = [
      { key, bytes: picture.jpeg },
      { key: copyKey(key, 'thumb'), bytes: picture.thumb },
    ];
    this.#underWay.add(key);
    try {
      for (const file of files) await this.#blobs.put(file.key, file.bytes);
      const row = await this.#store.append(unchainedRow(id, cameraId, key, picture, scheduledForMs));
      if (!row) await this.#remove(files);
      return row;
    } catch (error) {
      // A commit may have been done although its answer was lost: a row must never lose its file.
      const committed = await this.#store.get(id).catch(() => 'unknown' as const);
      if (!committed) await this.#remove(files);
      throw storageFault(error);
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #remove(files: readonly { key: string }[]): Promise<void> {
    for (const { key } of files) await this.#blobs.delete(key).catch(() => undefined);
  }
}

function storageFault(error: unknown): GatewayError {
  if (isGatewayError(error)) return error;
  return new GatewayError('storage-failed', `the snapshot cannot be recorded: ${messageOf(error)}`, {
    cause: error,
  });
}

function unchainedRow(
  id: string,
  cameraId: string,
  key: string,
  picture: Omit<CapturedPicture, 'facts'>,
  scheduledForMs: number | null,
): Parameters<SnapshotStore['append']>[0] {
  return {
    id,
    camera_id: cameraId,
    taken_at_ms: picture.takenAtMs,
    scheduled_for_ms: scheduledForMs,
    width: picture.width,
    height: picture.height,
    bytes: picture.jpeg.byteLength,
    sha256: sha256Of(picture.jpeg),
    source: picture.source,
    luma: picture.quality.luma,
    sharpness: picture.quality.sharpness,
    verdict: picture.quality.verdict,
    milestone_id: null,
    note: null,
    blob_key: key,
  };
}
