import type { Blobs } from '../base/blobs.ts';
import type { CancelTimer, Clock } from '../base/clock.ts';
import { ErrorTally } from '../base/error-tally.ts';
import { messageOf } from '../base/gateway-error.ts';
import { instantOf, localDate } from '../base/local-time.ts';
import type { Logger } from '../base/logger.ts';
import { copyKey } from './blob-keys.ts';
import type { RetentionStore } from './retention-store.ts';
import { dateAfter } from './slots-of-day.ts';
import type { SnapshotRow } from './snapshot-row.ts';

export interface RetentionOptions {
  clock: Clock;
  logger: Logger;
  blobs: Blobs;
  store: RetentionStore;
  timeZone: string;
  /** Every picture is kept for this many days, then one a day. */
  allDays: number;
  /** True while files must not be removed: a backup is being made. */
  isHeld?: () => Promise<boolean>;
}

const FIRST_LOOK_MS = 60_000;
const LOOK_MS = 3_600_000;
const NOON_HOUR = 12;

/**
 * Thins old pictures: all for `allDays` days, then one a day (the nearest to noon), and for ever those with a note, a
 * step or picked for the brief. Rows become signed tombstones first, then the files go. Nothing else deletes pictures.
 */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #faults: ErrorTally;
  readonly #cancels: CancelTimer[] = [];
  #running: Promise<void> = Promise.resolve();
  #isStopping = false;

  constructor(options: RetentionOptions) {
    const { clock, logger } = options;
    this.#options = options;
    this.#faults = new ErrorTally(clock, (key, count, message) => logger.error({ count, message }, key));
  }

  start(): void {
    const { clock } = this.#options;
    const look = (): void => {
      this.#running = this.#running
        .then(() => this.run())
        .then(
          () => undefined,
          (error: unknown) => this.#faults.add('old pictures could not be thinned', messageOf(error)),
        );
    };
    this.#cancels.push(clock.after(FIRST_LOOK_MS, look), clock.every(LOOK_MS, look));
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const cancel of this.#cancels.splice(0)) cancel();
    await this.#running;
    this.#faults.stop();
  }

  /** Goes through all cameras once. Returns how many pictures were removed. */
  async run(): Promise<number> {
    const { clock, logger, store, timeZone, allDays } = this.#options;
    const firstKept = dateAfter(localDate(clock.now(), timeZone), -allDays);
    const beforeMs = instantOf(firstKept, 0, 0, timeZone);
    let removed = 0;
    for (const cameraId of await store.cameraIds()) {
      removed += await this.#thin(cameraId, beforeMs);
      if (this.#isStopping) break;
    }
    if (removed > 0) logger.info({ removed, allDays }, 'removed old pictures by the retention policy');
    return removed;
  }

  async #thin(cameraId: string, beforeMs: number): Promise<number> {
    const { clock, store, timeZone, allDays } = this.#options;
    await this.#removeFiles(cameraId);
    let removed = 0;
    let fromMs = await store.doneUntil(cameraId);
    while (!this.#isStopping) {
      const firstMs = await store.firstPictureMs(cameraId, fromMs, beforeMs);
      if (firstMs === undefined) break;
      const date = localDate(firstMs, timeZone);
      const endMs = instantOf(dateAfter(date), 0, 0, timeZone);
      const rows = await store.picturesBetween(cameraId, instantOf(date, 0, 0, timeZone), endMs);
      const gone = surplus(rows, instantOf(date, NOON_HOUR, 0, timeZone));
      const policy = `all pictures for ${allDays} days, then one a day`;
      await store.bury(cameraId, gone, { removedAtMs: clock.now(), policy, doneUntilMs: endMs });
      removed += gone.length;
      fromMs = endMs;
      await this.#removeFiles(cameraId);
    }
    return removed;
  }

  /** Also what an interruption or a backup left. */
  async #removeFiles(cameraId: string): Promise<void> {
    const { blobs, store, isHeld } = this.#options;
    const stones = await store.withFiles(cameraId);
    if (stones.length === 0 || (await isHeld?.())) return;
    for (const { blob_key } of stones) {
      await blobs.delete(copyKey(blob_key, 'large'));
      await blobs.delete(copyKey(blob_key, 'thumb'));
      await blobs.delete(blob_key);
    }
    await store.filesGone(stones.map(({ id }) => id));
  }
}

/** The pictures of one day that are not kept: all but the nearest to noon and those that people marked. */
function surplus(rows: readonly SnapshotRow[], noonMs: number): SnapshotRow[] {
  const distance = (row: SnapshotRow): number => Math.abs(row.taken_at_ms - noonMs);
  const [nearest] = rows.toSorted((a, b) => distance(a) - distance(b) || a.seq - b.seq);
  return rows.filter((row) => row !== nearest && !isMarked(row));
}

function isMarked(row: SnapshotRow): boolean {
  return row.note !== null || row.milestone_id !== null || row.picked === 1;
}
