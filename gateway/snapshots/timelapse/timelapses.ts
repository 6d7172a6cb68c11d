import type { CancelTimer, Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Unsubscribe } from '../../base/emitter.ts';
import { GatewayError, isGatewayError, messageOf } from '../../base/gateway-error.ts';
import type { Logger } from '../../base/logger.ts';
import { newId } from '../../base/new-id.ts';
import type { Page } from '../../contract/common.ts';
import type { Timelapse, TimelapseCreate } from '../../contract/timelapse.ts';
import type { TimelapseFolder } from './timelapse-folder.ts';
import type { FilmEnd, FilmProgress, TimelapseMaker } from './timelapse-maker.ts';
import { toTimelapse } from './timelapse-row.ts';
import type { TimelapseRow } from './timelapse-row.ts';
import { readPlace } from './read-place.ts';
import type { TimelapseStore } from './timelapse-store.ts';

export interface TimelapsesOptions {
  clock: Clock;
  logger: Logger;
  store: TimelapseStore;
  folder: TimelapseFolder;
  maker: TimelapseMaker;
  maxQueued: number;
  keepDays: number;
}

/** A film's bytes, whole or in part. */
export interface TimelapseVideo {
  byteLength: number;
  read(start: number, end: number): AsyncIterable<Uint8Array>;
}

const UNDER_WAY = ['queued', 'running'] as const;
const FINISHED = ['done', 'failed', 'cancelled'] as const;
/** A film that ended the gateway this often is not begun again. */
const MOST_ATTEMPTS = 3;
const PRUNE_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Listeners hear of progress at most this often. */
const TELL_MS = 500;
const NONE: FilmProgress = { pictures: 0, skipped: 0, progress: 0 };

interface Running {
  id: string;
  abort: AbortController;
  progress: FilmProgress;
  done: Promise<void>;
}

/** Time-lapses: made one at a time in the order they were asked for, kept for some days; one for the gateway. */
export class Timelapses {
  readonly #options: TimelapsesOptions;
  readonly #updates: Emitter<Timelapse>;
  #running: Running | undefined;
  #cancelPrune: CancelTimer | undefined;
  #stopped = false;
  #pumping: Promise<void> = Promise.resolve();

  constructor(options: TimelapsesOptions) {
    this.#options = options;
    this.#updates = new Emitter((error) =>
      options.logger.error({ err: error }, 'a listener of time-lapses failed'),
    );
  }

  /** Clears away what a crash left, says so in the log, and goes on with the queue. */
  async start(): Promise<void> {
    const { store, folder, clock, logger } = this.#options;
    const done = await store.inState(['done']);
    const known = new Set(done.map(({ id }) => id));
    const removed = await folder.open((id) => known.has(id));
    if (removed > 0) logger.warn({ removed }, 'removed what was left of time-lapses that were interrupted');
    for (const { id } of done) {
      if ((await folder.size(id)) !== undefined) continue;
      logger.error({ timelapse: id }, 'the file of a time-lapse is gone');
      await store.update(id, ['done'], { state: 'failed', error: 'its file is gone: make it again' });
    }
    for (const row of await store.inState(['running'])) await this.#requeue(row);
    await this.#prune();
    this.#cancelPrune = clock.every(PRUNE_MS, () => {
      this.#prune().catch((error: unknown) => logger.error({ err: error }, messageOf(error)));
    });
    this.#pump();
  }

  /** Ends the work under way; it begins again at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelPrune?.();
    this.#running?.abort.abort();
    await this.#pumping;
  }

  /** Queues a time-lapse. Throws `too-many-requests` when the queue is full. */
  async create(body: TimelapseCreate): Promise<string> {
    const { store, clock, maxQueued } = this.#options;
    const waiting = await store.inState(UNDER_WAY);
    if (waiting.length >= maxQueued) {
      throw new GatewayError(
        'too-many-requests',
        `${waiting.length} time-lapses are waiting: try again later`,
        {
          details: { retryAfterSec: 60 },
        },
      );
    }
    const row: TimelapseRow = {
      id: newId('tlp'),
      camera_id: body.cameraId,
      from_ms: Date.parse(body.from),
      to_ms: Date.parse(body.to),
      every_min: body.everyMin ?? null,
      hour: body.hour ?? null,
      fps: body.fps,
      width: Math.round((body.height * 16) / 9 / 2) * 2,
      height: body.height,
      state: 'queued',
      attempts: 0,
      pictures: 0,
      skipped: 0,
      bytes: null,
      error: null,
      created_at_ms: clock.now(),
      finished_at_ms: null,
    };
    await store.insert(row);
    this.#tell(row);
    this.#pump();
    return row.id;
  }

  async get(id: string): Promise<Timelapse | undefined> {
    const row = await this.#options.store.get(id);
    return row && this.#view(row);
  }

  /** Newest first; `cameraIds` null means all. Throws `bad-request` for a foreign cursor. */
  async list(cameraIds: readonly string[] | null, limit: number, cursor?: string): Promise<Page<Timelapse>> {
    const after = cursor === undefined ? undefined : readPlace(cursor);
    const rows = await this.#options.store.list(cameraIds, limit + 1, after);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map((row) => this.#view(row)),
      nextCursor: rows.length > limit && last ? `${last.created_at_ms}.${last.id}` : null,
    };
  }

  /** Cancels one that is under way, else removes it with its film. Throws `not-found`. */
  async remove(id: string): Promise<void> {
    const { store, folder, clock } = this.#options;
    const change = { state: 'cancelled', finished_at_ms: clock.now() } as const;
    const cancelled = await store.update(id, UNDER_WAY, change);
    if (cancelled) {
      const running = this.#running;
      if (running?.id === id) {
        running.abort.abort();
        await running.done;
      }
      this.#tell(cancelled);
      return;
    }
    if (!(await store.get(id))) throw new GatewayError('not-found', `there is no time-lapse ${id}`);
    await store.remove(id);
    await folder.remove(id);
  }

  /** Removes all of a camera, under way or made. */
  async eraseOf(cameraId: string): Promise<void> {
    for (const { id, state } of await this.#options.store.ofCamera(cameraId)) {
      await this.remove(id);
      if (state === 'queued' || state === 'running') await this.remove(id);
    }
  }

  /** The film; undefined while there is none. */
  async video(id: string): Promise<TimelapseVideo | undefined> {
    const { store, folder } = this.#options;
    const row = await store.get(id);
    const byteLength = row?.state === 'done' ? await folder.size(id) : undefined;
    if (byteLength === undefined) return undefined;
    return { byteLength, read: (start, end) => folder.read(id, start, end) };
  }

  onUpdate(listener: (timelapse: Timelapse) => void): Unsubscribe {
    return this.#updates.subscribe(listener);
  }

  /** Works through the queue; calls while it does are harmless. */
  #pump(): void {
    this.#pumping = this.#pumping
      .then(() => this.#work())
      .catch((error: unknown) =>
        this.#options.logger.error({ err: error }, `the queue of time-lapses failed: ${messageOf(error)}`),
      );
  }

  async #work(): Promise<void> {
    const { store } = this.#options;
    while (!this.#stopped) {
      const [next] = await store.inState(['queued']);
      if (!next) return;
      const row = await store.update(next.id, ['queued'], { state: 'running', attempts: next.attempts + 1 });
      if (row) await this.#make(row);
    }
  }

  async #make(row: TimelapseRow): Promise<void> {
    const abort = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    const running: Running = { id: row.id, abort, progress: NONE, done: promise };
    this.#running = running;
    this.#tell(row);
    try {
      const end = await this.#film(row, running);
      const changed = end.kind === 'aborted' ? undefined : await this.#finish(row, end);
      if (end.kind === 'aborted' && this.#stopped) await this.#putBack(row);
      // Cancelled in the last moment: its film is nobody's.
      if (!changed && end.kind === 'made') await this.#options.folder.remove(row.id);
      this.#running = undefined;
      if (changed) this.#tell(changed);
    } finally {
      this.#running = undefined;
      resolve();
    }
  }

  async #film(row: TimelapseRow, running: Running): Promise<FilmEnd> {
    const { maker, clock, logger } = this.#options;
    let toldMs = -Infinity;
    try {
      return await maker.make(row, running.abort.signal, (progress) => {
        running.progress = progress;
        if (clock.monotonicMs() - toldMs < TELL_MS) return;
        toldMs = clock.monotonicMs();
        this.#tell(row);
      });
    } catch (error) {
      logger.error({ err: error, timelapse: row.id }, `a time-lapse failed: ${messageOf(error)}`);
      return { kind: 'failed', why: plainly(error), skipped: running.progress.skipped };
    }
  }

  #finish(row: TimelapseRow, end: Exclude<FilmEnd, { kind: 'aborted' }>): Promise<TimelapseRow | undefined> {
    const { store, clock } = this.#options;
    const finished = { finished_at_ms: clock.now(), skipped: end.skipped };
    return store.update(
      row.id,
      ['running'],
      end.kind === 'made'
        ? { ...finished, state: 'done', pictures: end.pictures, bytes: end.bytes }
        : { ...finished, state: 'failed', error: end.why },
    );
  }

  /** A stop in good order is no failed attempt. */
  async #putBack({ id, attempts }: TimelapseRow): Promise<void> {
    await this.#options.store.update(id, ['running'], { state: 'queued', attempts: attempts - 1 });
  }

  async #requeue(row: TimelapseRow): Promise<void> {
    const { store, clock, logger } = this.#options;
    if (row.attempts < MOST_ATTEMPTS) {
      logger.info({ timelapse: row.id }, 'a time-lapse that was interrupted begins again');
      await store.update(row.id, ['running'], { state: 'queued' });
      return;
    }
    const error = `the gateway was stopped ${row.attempts} times while it was made: ask for a shorter one`;
    await store.update(row.id, ['running'], { state: 'failed', error, finished_at_ms: clock.now() });
  }

  /** Removes what has been kept for its days. */
  async #prune(): Promise<void> {
    const { store, folder, clock, keepDays, logger } = this.#options;
    const before = clock.now() - keepDays * DAY_MS;
    const old = (await store.inState(FINISHED)).filter((row) => (row.finished_at_ms ?? 0) < before);
    for (const { id } of old) {
      await store.remove(id);
      await folder.remove(id);
    }
    if (old.length > 0)
      logger.info({ removed: old.length, keepDays }, 'removed time-lapses kept for their days');
  }

  #view(row: TimelapseRow): Timelapse {
    const at = this.#running?.id === row.id && row.state === 'running' ? this.#running.progress : undefined;
    return toTimelapse(at ? { ...row, pictures: at.pictures, skipped: at.skipped } : row, at?.progress ?? 0);
  }

  #tell(row: TimelapseRow): void {
    this.#updates.emit(this.#view(row));
  }
}

/** What people may read of a fault; paths and settings stay in the log. */
function plainly(error: unknown): string {
  if (!isGatewayError(error)) return 'a fault inside the gateway; the log has the details';
  if (error.code === 'ffmpeg-missing') return 'no FFmpeg program was found on the gateway’s machine';
  return 'the film could not be written; the log has the details';
}
