import type { Blobs } from '../base/blobs.ts';
import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { ErrorTally } from '../base/error-tally.ts';
import { GatewayError, isGatewayError, messageOf } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import type { Page } from '../contract/common.ts';
import type { SnapshotSchedule } from '../contract/schedule.ts';
import type {
  ChainVerdict,
  ImageQuery,
  Snapshot,
  SnapshotCalendar,
  SnapshotGap,
  SnapshotQuery,
} from '../contract/snapshot.ts';
import type { Feeds } from '../ingest/feeds.ts';
import { cameraFolder } from './blob-keys.ts';
import { captureError } from './capture-error.ts';
import { ChainVerifier } from './chain-verifier.ts';
import { readCursor, writeCursor } from './page-cursor.ts';
import { PictureCapture } from './picture-capture.ts';
import type { CapturedPicture, PictureDecoder } from './picture-capture.ts';
import { PictureLibrary } from './picture-library.ts';
import type { ServedPicture } from './picture-library.ts';
import { PosterShelf } from './poster-shelf.ts';
import type { Poster } from './poster-shelf.ts';
import { SlotCalendar } from './slot-calendar.ts';
import { snapshotCalendar } from './snapshot-calendar.ts';
import type { SnapshotCameras } from './snapshot-cameras.ts';
import { SnapshotRecorder } from './snapshot-recorder.ts';
import { SnapshotRecovery } from './snapshot-recovery.ts';
import type { RecoveryReport } from './snapshot-recovery.ts';
import { toGap, toSnapshot } from './snapshot-row.ts';
import type { GapRow, SnapshotRow } from './snapshot-row.ts';
import { SnapshotScheduler } from './snapshot-scheduler.ts';
import type { SlotOutcome } from './snapshot-scheduler.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { thinnedList } from './thinned-list.ts';
import { watermarkLines } from './watermark-lines.ts';

export interface SnapshotServiceOptions {
  clock: Clock;
  logger: Logger;
  database: Database;
  blobs: Blobs;
  feeds: Feeds;
  decoder: PictureDecoder;
  cameras: SnapshotCameras;
  /** Name of a project for watermarks. */
  projectName?: (projectId: string) => string | undefined;
  /** The part `snapshots` of the configuration. */
  config: { schedule: SnapshotSchedule; timeZone: string; captureTimeoutSec: number };
}

/** The record of progress: takes pictures on schedule and on demand, keeps them as evidence, hands them out. One for the gateway. */
export class SnapshotService {
  readonly #options: SnapshotServiceOptions;
  readonly #store: SnapshotStore;
  readonly #capture: PictureCapture;
  readonly #recorder: SnapshotRecorder;
  readonly #library: PictureLibrary;
  readonly #posters: PosterShelf;
  readonly #scheduler: SnapshotScheduler;
  readonly #faults: ErrorTally;
  readonly #taken: Emitter<Snapshot>;
  readonly #gaps: Emitter<SnapshotGap>;
  readonly #stopping = new AbortController();
  readonly #takingNow = new Set<Promise<unknown>>();

  constructor(options: SnapshotServiceOptions) {
    const { clock, logger, cameras, config } = options;
    this.#options = options;
    const store = new SnapshotStore(options.database);
    this.#store = store;
    this.#capture = new PictureCapture(options);
    this.#recorder = new SnapshotRecorder({ ...options, store });
    this.#library = new PictureLibrary(options.blobs);
    this.#posters = new PosterShelf({ ...options, store });
    this.#faults = new ErrorTally(clock, (key, count, message) => logger.error({ count, message }, key));
    const onFault = (error: unknown) => this.#faults.add('a listener of snapshots failed', messageOf(error));
    this.#taken = new Emitter(onFault);
    this.#gaps = new Emitter(onFault);
    this.#scheduler = new SnapshotScheduler({
      clock,
      logger,
      cameras,
      calendar: new SlotCalendar(config.timeZone),
      defaultSchedule: config.schedule,
      captureTimeoutSec: config.captureTimeoutSec,
      work: {
        take: (cameraId, slotMs, timeoutMs, signal) => this.#takeSlot(cameraId, slotMs, timeoutMs, signal),
        hasPicture: (cameraId, slotMs) => store.hasSlot(cameraId, slotMs),
        recordGaps: (gaps) => this.#recordGaps(gaps),
        skipTo: (cameraId, slotMs) => store.setCursor(cameraId, slotMs),
        cursors: () => store.cursors(),
      },
    });
  }

  /** Mends what a crash left, says so in the log, and begins with the schedule. */
  async start(): Promise<RecoveryReport> {
    const { cameras } = this.#options;
    const recovery = new SnapshotRecovery({ ...this.#options, store: this.#store });
    const cameraIds = [...cameras.all().map((camera) => camera.id), ...(await this.#store.cursors()).keys()];
    const report = await recovery.run(cameraIds);
    this.#posters.start();
    await this.#scheduler.start();
    return report;
  }

  /** Ends when nothing is being written any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#scheduler.stop(), this.#posters.stop()]);
    await Promise.allSettled(this.#takingNow);
    this.#faults.stop();
  }

  /** Takes a picture outside the schedule. Throws `not-found`, `camera-…`, `unsupported-codec`, `ffmpeg-…`, `storage-failed`. */
  async takeNow(cameraId: string): Promise<Snapshot> {
    const taking = this.#takeNow(cameraId);
    this.#takingNow.add(taking);
    try {
      return await taking;
    } finally {
      this.#takingNow.delete(taking);
    }
  }

  /** A page of a camera's pictures by time; thinned where the query says so. Throws `bad-request` for a foreign cursor. */
  async list(cameraId: string, query: SnapshotQuery): Promise<Page<Snapshot>> {
    const range = {
      fromMs: query.from === undefined ? -Infinity : Date.parse(query.from),
      toMs: query.to === undefined ? Infinity : Date.parse(query.to),
      order: query.order,
      limit: query.limit,
    };
    const { every } = query;
    if (every) return this.#thinned(cameraId, { ...query, every }, range);
    const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, 'place');
    const place = cursor?.kind === 'place' ? cursor.place : undefined;
    const rows = await this.#store.list(cameraId, { ...range, limit: range.limit + 1, place });
    const shown = rows.slice(0, range.limit);
    const last = shown.at(-1);
    const more = rows.length > shown.length && last;
    return {
      items: shown.map(toSnapshot),
      nextCursor: more
        ? writeCursor({ kind: 'place', place: { takenAtMs: last.taken_at_ms, seq: last.seq } })
        : null,
    };
  }

  async get(id: string): Promise<Snapshot | undefined> {
    const row = await this.#store.get(id);
    return row && toSnapshot(row);
  }

  /** The picture's bytes as asked; `accept` is the request's Accept. Throws `not-found` or `storage-failed`. */
  async image(id: string, query: ImageQuery, accept: string): Promise<ServedPicture> {
    const row = await this.#store.get(id);
    if (!row) throw new GatewayError('not-found', `there is no snapshot ${id}`);
    return this.#library.serve(row, query, accept, this.#watermark(row));
  }

  /** `month` as in `2026-11`, days in the site's time zone. */
  calendar(cameraId: string, month: string): Promise<SnapshotCalendar> {
    return snapshotCalendar(this.#store, cameraId, month, this.#options.config.timeZone);
  }

  async gaps(cameraId: string, fromMs: number, toMs: number): Promise<SnapshotGap[]> {
    return (await this.#store.gaps(cameraId, fromMs, toMs)).map(toGap);
  }

  /** Reads every row and file of the camera. */
  verify(cameraId: string): Promise<ChainVerdict> {
    return new ChainVerifier({ blobs: this.#options.blobs, store: this.#store }).verify(cameraId);
  }

  async latest(cameraId: string): Promise<Snapshot | undefined> {
    const row = await this.#store.latest(cameraId);
    return row && toSnapshot(row);
  }

  /** The newest picture there is; never contacts an idle camera. */
  poster(cameraId: string): Promise<Poster | undefined> {
    return this.#posters.poster(cameraId);
  }

  /** Slots since then that ended in a gap. */
  missed(cameraId: string, sinceMs: number): Promise<number> {
    return this.#store.missed(cameraId, sinceMs);
  }

  /** Removes all pictures and rows of a camera: rows first, so that none ever names a file that is gone. */
  async eraseRecords(cameraId: string): Promise<void> {
    const { blobs } = this.#options;
    await this.#store.erase(cameraId);
    this.#posters.forget(cameraId);
    for await (const key of blobs.list(cameraFolder(cameraId))) await blobs.delete(key);
  }

  onTaken(listener: (snapshot: Snapshot) => void): Unsubscribe {
    return this.#taken.subscribe(listener);
  }

  onGap(listener: (gap: SnapshotGap) => void): Unsubscribe {
    return this.#gaps.subscribe(listener);
  }

  async #takeNow(cameraId: string): Promise<Snapshot> {
    const { cameras, clock, config } = this.#options;
    const camera = cameras.get(cameraId);
    if (!camera) throw new GatewayError('not-found', `there is no camera ${cameraId}`);
    if (!camera.enabled)
      throw new GatewayError('camera-offline', `${camera.name} is disabled; enable it to take pictures`);
    const capture = await this.#capture.take({
      cameraId,
      notBeforeMs: clock.now(),
      timeoutMs: config.captureTimeoutSec * 1000,
      signal: this.#stopping.signal,
    });
    if (!capture.ok) throw captureError(camera.name, capture);
    const snapshot = await this.#record(cameraId, capture.picture, null);
    if (!snapshot) throw new GatewayError('internal', 'a picture without a slot cannot be taken twice');
    return snapshot;
  }

  async #takeSlot(
    cameraId: string,
    slotMs: number,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<SlotOutcome> {
    try {
      const capture = await this.#capture.take({ cameraId, notBeforeMs: slotMs, timeoutMs, signal });
      if (!capture.ok) return capture;
      await this.#record(cameraId, capture.picture, slotMs);
      return { ok: true };
    } catch (error) {
      const message = messageOf(error);
      this.#faults.add('a scheduled snapshot failed', message);
      if (!isGatewayError(error)) return { ok: false, reason: 'internal', message };
      return { ok: false, reason: isDiskFull(error) ? 'low-disk' : error.code, message };
    }
  }

  async #record(
    cameraId: string,
    picture: CapturedPicture,
    slotMs: number | null,
  ): Promise<Snapshot | undefined> {
    const row = await this.#recorder.record(cameraId, picture, slotMs);
    if (!row) return undefined;
    const snapshot = toSnapshot(row);
    this.#taken.emit(snapshot);
    return snapshot;
  }

  async #recordGaps(rows: readonly GapRow[]): Promise<void> {
    await this.#store.addGaps(rows);
    for (const row of rows) this.#gaps.emit(toGap(row));
  }

  async #thinned(
    cameraId: string,
    query: SnapshotQuery & { every: NonNullable<SnapshotQuery['every']> },
    range: { fromMs: number; toMs: number; order: 'asc' | 'desc'; limit: number },
  ): Promise<Page<Snapshot>> {
    const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, 'edge');
    const bounds = { ...range };
    if (cursor?.kind === 'edge' && query.order === 'asc') bounds.fromMs = cursor.edgeMs;
    if (cursor?.kind === 'edge' && query.order === 'desc') bounds.toMs = cursor.edgeMs;
    const { timeZone } = this.#options.config;
    const { every, hour } = query;
    const page = await thinnedList(this.#store, { ...bounds, cameraId, every, hour, timeZone });
    return {
      items: page.rows.map(toSnapshot),
      nextCursor: page.nextEdgeMs === null ? null : writeCursor({ kind: 'edge', edgeMs: page.nextEdgeMs }),
    };
  }

  #watermark(row: SnapshotRow): string[] {
    const { cameras, config, projectName } = this.#options;
    const camera = cameras.get(row.camera_id);
    const project = camera && projectName?.(camera.projectId);
    return watermarkLines(row, { project, camera, timeZone: config.timeZone });
  }
}

function isDiskFull(error: Error): boolean {
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
}
