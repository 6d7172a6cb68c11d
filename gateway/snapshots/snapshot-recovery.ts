import type { Blobs } from '../base/blobs.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { cameraFolder, dayFolder, originalOf } from './blob-keys.ts';
import type { SnapshotStore } from './snapshot-store.ts';

/** What a start found: files of pictures that never got their row, now removed, and rows whose file is gone. */
export interface RecoveryReport {
  removedFiles: number;
  missingFiles: { id: string; key: string }[];
}

const DAY_MS = 86_400_000;
/** A camera silent for longer is looked through whole. */
const MOST_DAYS = 62;

/**
 * Mends what a crash left between file and row. Rows are written in order, so only the days since a camera's last row
 * (and the day before, for clocks set back a little) can hold such files: a start costs no walk through years.
 */
export class SnapshotRecovery {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #blobs: Blobs;
  readonly #store: SnapshotStore;

  constructor(options: { clock: Clock; logger: Logger; blobs: Blobs; store: SnapshotStore }) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#blobs = options.blobs;
    this.#store = options.store;
  }

  /** Call before the first write. Says in the log what it did. */
  async run(cameraIds: Iterable<string>): Promise<RecoveryReport> {
    const report: RecoveryReport = { removedFiles: 0, missingFiles: [] };
    for (const cameraId of new Set(cameraIds)) await this.#mend(cameraId, report);
    if (report.removedFiles > 0) {
      this.#logger.warn(
        { removedFiles: report.removedFiles },
        'removed picture files that an interruption had left without a row',
      );
    }
    for (const { id, key } of report.missingFiles) {
      this.#logger.error({ snapshotId: id, key }, 'the picture file of a recorded snapshot is gone');
    }
    return report;
  }

  async #mend(cameraId: string, report: RecoveryReport): Promise<void> {
    const last = await this.#store.latest(cameraId);
    const sinceMs = last ? startOfDay(last.taken_at_ms) - DAY_MS : 0;
    const known = await this.#store.keysSince(cameraId, sinceMs);
    const present = new Set<string>();
    for (const folder of this.#folders(cameraId, sinceMs)) {
      for await (const key of this.#blobs.list(folder)) {
        const original = originalOf(key);
        if (known.has(original)) present.add(key);
        else if (await this.#isOrphan(key, original, cameraId, sinceMs, report)) report.removedFiles += 1;
      }
    }
    for (const [key, id] of known) if (!present.has(key)) report.missingFiles.push({ id, key });
  }

  async #isOrphan(
    key: string,
    original: string,
    cameraId: string,
    sinceMs: number,
    report: RecoveryReport,
  ): Promise<boolean> {
    const id = original.slice(original.lastIndexOf('/') + 1, -'.jpg'.length);
    const row = await this.#store.get(id);
    // Below a whole camera folder there are pictures older than `sinceMs`; and a moved file is evidence, not waste.
    if (row) {
      if (row.taken_at_ms >= sinceMs && row.camera_id === cameraId && row.blob_key !== original)
        report.missingFiles.push({ id, key: row.blob_key });
      return false;
    }
    await this.#blobs.delete(key);
    return true;
  }

  #folders(cameraId: string, sinceMs: number): string[] {
    const nowMs = this.#clock.now() + DAY_MS;
    if (nowMs - sinceMs > MOST_DAYS * DAY_MS) return [cameraFolder(cameraId)];
    const folders: string[] = [];
    for (let dayMs = sinceMs; dayMs <= nowMs; dayMs += DAY_MS) folders.push(dayFolder(cameraId, dayMs));
    return folders;
  }
}

function startOfDay(instantMs: number): number {
  return Math.floor(instantMs / DAY_MS) * DAY_MS;
}
