import type { Blobs } from '../base/blobs.ts';
import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { GatewayError, messageOf } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import type { IndexQuery, PictureComparison, SnapshotPatch, ThumbSheet } from '../contract/timeline.ts';
import { Semaphore } from '../ffmpeg/semaphore.ts';
import { copyKey } from './blob-keys.ts';
import { comparePictures } from './compare-pictures.ts';
import type { EvidenceKey } from './evidence/evidence-key.ts';
import type { SnapshotCameras } from './snapshot-cameras.ts';
import { readSnapshotIndex } from './snapshot-index-reader.ts';
import { toSnapshot } from './snapshot-row.ts';
import type { SnapshotRow } from './snapshot-row.ts';
import { SnapshotStore } from './snapshot-store.ts';
import type { SnapshotTables } from './snapshot-tables.ts';
import { ThumbSheetStore } from './thumb-sheet-store.ts';
import { ThumbSheets } from './thumb-sheets.ts';
import type { SheetWish } from './thumb-sheets.ts';

export interface SnapshotTimelineOptions {
  clock: Clock;
  logger: Logger;
  database: Database;
  blobs: Blobs;
  evidenceKey: EvidenceKey;
  cameras: SnapshotCameras;
  /** Ids of the steps of a project. */
  milestonesOf: (projectId: string) => readonly string[];
  /** The part `snapshots` of the configuration. */
  config: { timeZone: string; sheetCacheMb: number };
}

const COMPARED_AT_ONCE = 1;
const COMPARISONS_WAITING = 16;
const END_OF_TIME_MS = 8.64e15;

/** The record as office staff work with it: index, sheets of thumbnails, notes and steps, two pictures compared. One for the gateway. */
export class SnapshotTimeline {
  readonly #options: SnapshotTimelineOptions;
  readonly #store: SnapshotStore;
  readonly #sheetStore: ThumbSheetStore;
  readonly #sheets: ThumbSheets;
  readonly #comparing = new Semaphore(COMPARED_AT_ONCE, COMPARISONS_WAITING);
  readonly #changed: Emitter<Snapshot>;
  #unsubscribe: Unsubscribe | undefined;

  constructor(options: SnapshotTimelineOptions) {
    const { config, logger } = options;
    this.#options = options;
    this.#store = new SnapshotStore(options.database, options.evidenceKey);
    this.#sheetStore = new ThumbSheetStore({ ...options, mostBytes: config.sheetCacheMb * 1024 * 1024 });
    this.#sheets = new ThumbSheets({ ...options, ...config, store: this.#store, sheets: this.#sheetStore });
    this.#changed = new Emitter((error) =>
      logger.error({ err: error }, 'a listener of changed snapshots failed'),
    );
  }

  /** Removes sheets that a crash left behind; sheets of a camera go when it does. */
  async start(): Promise<void> {
    const { cameras, logger } = this.#options;
    const swept = await this.#sheetStore.sweep();
    if (swept > 0) logger.warn({ files: swept }, 'removed sheets of thumbnails that were not finished');
    this.#unsubscribe = cameras.onChange(({ kind, camera }) => {
      if (kind !== 'removed') return;
      this.#sheetStore.forget(camera.id).catch((error: unknown) => {
        logger.error({ cameraId: camera.id }, `its sheets could not be removed: ${messageOf(error)}`);
      });
    });
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#comparing.close();
    await this.#sheets.stop();
  }

  /** The compact index as JSON text (contract `snapshotIndex`). */
  index(cameraId: string, { from, to }: IndexQuery): Promise<Buffer> {
    return readSnapshotIndex(this.#options.database, cameraId, {
      fromMs: from === undefined ? -END_OF_TIME_MS : Date.parse(from),
      toMs: to === undefined ? END_OF_TIME_MS : Date.parse(to),
    });
  }

  sheet(wish: SheetWish): Promise<ThumbSheet> {
    return this.#sheets.describe(wish);
  }

  sheetPicture(wish: SheetWish): Promise<{ bytes: Buffer; version: string }> {
    return this.#sheets.picture(wish);
  }

  /** Changes note, step or pick. Throws `not-found`, and `bad-request` for a step that is not the camera's project's. */
  async annotate(id: string, patch: SnapshotPatch): Promise<Snapshot> {
    const row = await this.#row(id);
    if (typeof patch.milestoneId === 'string') this.#requireStep(row, patch.milestoneId);
    const changes: Partial<SnapshotRow> = {
      ...(patch.note !== undefined && { note: patch.note === '' ? null : patch.note }),
      ...(patch.milestoneId !== undefined && { milestone_id: patch.milestoneId }),
      ...(patch.picked !== undefined && { picked: patch.picked ? 1 : 0 }),
    };
    if (Object.keys(changes).length === 0) return toSnapshot(row);
    await this.#options.database
      .withTables<SnapshotTables>()
      .updateTable('snapshots')
      .set(changes)
      .where('id', '=', id)
      .execute();
    const snapshot = toSnapshot(await this.#row(id));
    this.#changed.emit(snapshot);
    return snapshot;
  }

  /** How the right picture lies on the left one. Throws `not-found`, `storage-failed`, `too-many-requests`. */
  async compare(leftId: string, rightId: string): Promise<PictureComparison> {
    const [left, right] = await Promise.all([this.#row(leftId), this.#row(rightId)]);
    if (!(await this.#comparing.enter())) {
      throw new GatewayError(
        'too-many-requests',
        'too many pictures are being compared: try again in a moment',
        {
          details: { retryAfterSec: 5 },
        },
      );
    }
    try {
      const pictures = await Promise.all([this.#thumb(left), this.#thumb(right)]);
      const { shift, similarity, moved } = await comparePictures(...pictures);
      const round = (value: number, steps: number): number => Math.round(value * steps) / steps;
      return {
        sameCamera: left.camera_id === right.camera_id,
        shiftPx: shift && round(Math.hypot(shift.x * left.width, shift.y * left.height), 10),
        similarity: round(similarity, 1000),
        moved: moved || left.camera_id !== right.camera_id,
        lumaDifference: round(Math.abs(left.luma - right.luma), 100),
      };
    } finally {
      this.#comparing.leave();
    }
  }

  /** Called with each picture whose note, step or pick has changed. */
  onChanged(listener: (snapshot: Snapshot) => void): Unsubscribe {
    return this.#changed.subscribe(listener);
  }

  async #row(id: string): Promise<SnapshotRow> {
    const row = await this.#store.get(id);
    if (!row) throw new GatewayError('not-found', `there is no snapshot ${id}`);
    return row;
  }

  #requireStep(row: SnapshotRow, milestoneId: string): void {
    const camera = this.#options.cameras.get(row.camera_id);
    if (camera && this.#options.milestonesOf(camera.projectId).includes(milestoneId)) return;
    throw new GatewayError(
      'bad-request',
      'this step does not belong to the project of the camera; choose one of its own steps',
    );
  }

  async #thumb(row: SnapshotRow): Promise<Buffer> {
    const { blobs } = this.#options;
    const bytes = (await blobs.get(copyKey(row.blob_key, 'thumb'))) ?? (await blobs.get(row.blob_key));
    if (bytes) return bytes;
    throw new GatewayError(
      'storage-failed',
      `the file of snapshot ${row.id} is missing; verify the camera’s record and restore it from a backup`,
    );
  }
}
