import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { ErrorTally } from '../base/error-tally.ts';
import { GatewayError, isGatewayError, messageOf } from '../base/gateway-error.ts';
import type { Page } from '../contract/common.ts';
import type {
  ChainVerdict,
  ImageQuery,
  Snapshot,
  SnapshotCalendar,
  SnapshotGap,
  SnapshotQuery,
} from '../contract/snapshot.ts';
import { cameraFolder } from './blob-keys.ts';
import { captureError } from './capture-error.ts';
import { RecordEvidence } from './evidence/record-evidence.ts';
import { isDiskFull } from './is-disk-full.ts';
import { PictureCapture } from './picture-capture.ts';
import type { CapturedPicture } from './capture.ts';
import { PictureLibrary } from './picture-library.ts';
import type { ServedPicture } from './picture-library.ts';
import { PosterShelf } from './poster-shelf.ts';
import type { Poster } from './poster-shelf.ts';
import { PictureJudge } from './quality/picture-judge.ts';
import { Retention } from './retention.ts';
import { RetentionStore } from './retention-store.ts';
import { SlotCalendar } from './slot-calendar.ts';
import { snapshotCalendar } from './snapshot-calendar.ts';
import { SnapshotLists } from './snapshot-lists.ts';
import { JudgedRecorder } from './judged-recorder.ts';
import type { JudgedSnapshot } from './judged-recorder.ts';
import { SnapshotRecorder } from './snapshot-recorder.ts';
import { SnapshotRecovery } from './snapshot-recovery.ts';
import type { RecoveryReport } from './snapshot-recovery.ts';
import { toGap, toSnapshot } from './snapshot-row.ts';
import type { GapRow, SnapshotRow } from './snapshot-row.ts';
import { SnapshotScheduler } from './snapshot-scheduler.ts';
import type { SlotOutcome } from './snapshot-scheduler.ts';
import type { SnapshotServiceOptions } from './snapshot-service-options.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { ViewReferences } from './view-references.ts';
import { watermarkLines } from './watermark-lines.ts';

/** The record of progress: takes pictures on schedule and on demand, keeps them as evidence, hands them out. One for the gateway. */
export class SnapshotService {
  /** Proofs: closed days, verification, bundles. */
  readonly evidence: RecordEvidence;
  /** What views are held against. */
  readonly references: ViewReferences;
  readonly #options: SnapshotServiceOptions;
  readonly #store: SnapshotStore;
  readonly #lists: SnapshotLists;
  readonly #retention: Retention;
  readonly #capture: PictureCapture;
  readonly #recorder: JudgedRecorder;
  readonly #judge: PictureJudge;
  readonly #library: PictureLibrary;
  readonly #posters: PosterShelf;
  readonly #scheduler: SnapshotScheduler;
  readonly #faults: ErrorTally;
  readonly #taken: Emitter<Snapshot>;
  readonly #judged: Emitter<JudgedSnapshot>;
  readonly #gaps: Emitter<SnapshotGap>;
  readonly #stopping = new AbortController();
  readonly #takingNow = new Set<Promise<unknown>>();

  constructor(options: SnapshotServiceOptions) {
    const { clock, logger, config, database, evidenceKey: key } = options;
    this.#options = options;
    const store = new SnapshotStore(database, key);
    this.#store = store;
    this.#lists = new SnapshotLists(store, config.timeZone);
    this.#capture = new PictureCapture(options);
    this.#judge = new PictureJudge(database);
    this.references = new ViewReferences({ ...options, store, judge: this.#judge });
    const recorder = new SnapshotRecorder({ ...options, store });
    const { timeZone, retention } = config;
    this.evidence = new RecordEvidence({ ...options, key, timeZone, snapshots: store, recorder });
    const retentionStore = new RetentionStore(database, key);
    this.#retention = new Retention({ ...options, ...retention, store: retentionStore, timeZone });
    this.#library = new PictureLibrary(options.blobs, {
      has: async (id) => (await store.get(id)) !== undefined,
      requireRoom: async () => options.disk?.requireRoom(),
    });
    this.#posters = new PosterShelf({ ...options, store });
    this.#faults = new ErrorTally(clock, (key, count, message) => logger.error({ count, message }, key));
    const onFault = (error: unknown) => this.#faults.add('a listener of snapshots failed', messageOf(error));
    this.#recorder = new JudgedRecorder({
      ...options,
      recorder,
      capture: this.#capture,
      judge: this.#judge,
      lookTimeoutMs: config.captureTimeoutSec * 1000,
      signal: this.#stopping.signal,
      onFault: (message) => this.#faults.add('a picture was not remembered', message),
    });
    this.#taken = new Emitter(onFault);
    this.#judged = new Emitter(onFault);
    this.#gaps = new Emitter(onFault);
    this.#scheduler = this.#newScheduler();
  }

  /** Mends what a crash left, says so in the log, and begins with the schedule. */
  async start(): Promise<RecoveryReport> {
    const { cameras } = this.#options;
    const recovery = new SnapshotRecovery({ ...this.#options, store: this.#store });
    const cameraIds = [...cameras.all().map((camera) => camera.id), ...(await this.#store.cursors()).keys()];
    const report = await recovery.run(cameraIds);
    await this.evidence.start();
    this.#posters.start();
    await this.#scheduler.start();
    this.#retention.start();
    return report;
  }

  /** Ends when nothing is being written any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([
      this.#scheduler.stop(),
      this.#posters.stop(),
      this.#retention.stop(),
      this.evidence.stop(),
    ]);
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
  list(cameraId: string, query: SnapshotQuery): Promise<Page<Snapshot>> {
    return this.#lists.list(cameraId, query);
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

  /** Reads every row and file of the camera, and checks them against the signed days. */
  verify(cameraId: string): Promise<ChainVerdict> {
    return this.evidence.verify(cameraId);
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
    const { blobs, clock } = this.#options;
    await this.#store.erase(cameraId, clock.now());
    await this.#judge.forget(cameraId);
    this.#posters.forget(cameraId);
    for await (const key of blobs.list(cameraFolder(cameraId))) await blobs.delete(key);
  }

  onTaken(listener: (snapshot: Snapshot) => void): Unsubscribe {
    return this.#taken.subscribe(listener);
  }

  /** Called just before `onTaken` with the reason of the verdict in plain words; null for `ok`. */
  onJudged(listener: (judged: JudgedSnapshot) => void): Unsubscribe {
    return this.#judged.subscribe(listener);
  }

  onGap(listener: (gap: SnapshotGap) => void): Unsubscribe {
    return this.#gaps.subscribe(listener);
  }

  #newScheduler(): SnapshotScheduler {
    const { config } = this.#options;
    const store = this.#store;
    return new SnapshotScheduler({
      ...this.#options,
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

  async #takeNow(cameraId: string): Promise<Snapshot> {
    const { cameras, clock, config, disk } = this.#options;
    const camera = cameras.get(cameraId);
    if (!camera) throw new GatewayError('not-found', `there is no camera ${cameraId}`);
    if (!camera.enabled)
      throw new GatewayError('camera-offline', `${camera.name} is disabled; enable it to take pictures`);
    if (disk) await disk.requireRoom();
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
      const { disk } = this.#options;
      if (disk) await disk.requireRoom();
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
    const judged = await this.#recorder.record(cameraId, picture, slotMs);
    if (!judged) return undefined;
    this.#judged.emit(judged);
    this.#taken.emit(judged.snapshot);
    return judged.snapshot;
  }

  async #recordGaps(rows: readonly GapRow[]): Promise<void> {
    await this.#store.addGaps(rows);
    for (const row of rows) this.#gaps.emit(toGap(row));
  }

  #watermark(row: SnapshotRow): string[] {
    const { cameras, config, projectName } = this.#options;
    const camera = cameras.get(row.camera_id);
    const project = camera && projectName?.(camera.projectId);
    return watermarkLines(row, { project, camera, timeZone: config.timeZone });
  }
}
