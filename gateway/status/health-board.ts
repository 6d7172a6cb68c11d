import type { CancelTimer, Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { ErrorTally } from '../base/error-tally.ts';
import { messageOf } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import type { CameraHealth, LightChange } from '../contract/health.ts';
import type { FeedStatus, Feeds } from '../ingest/feeds.ts';
import { CameraProber } from './camera-prober.ts';
import type { ProbePlan } from './camera-prober.ts';
import type { HealthCamera, HealthCameras, HealthSnapshots } from './health-camera.ts';
import { LightChangeStore } from './light-change-store.ts';
import type { RecordedChange } from './light-change-store.ts';
import { TrackedCamera } from './tracked-camera.ts';
import { uptimeOf } from './uptime.ts';
import type { Downtime } from './uptime.ts';

/** How many cameras have which light. */
export interface LightTotals {
  total: number;
  green: number;
  yellow: number;
  red: number;
  grey: number;
}

export interface HealthBoardOptions {
  clock: Clock;
  logger: Logger;
  database: Database;
  feeds: Feeds;
  cameras: HealthCameras;
  snapshots: HealthSnapshots;
  sessions: { downtimes(fromMs: number, toMs: number): Promise<Downtime[]> };
  /** Says in a plain sentence that the disk runs full, else null. */
  disk?: { readonly low: string | null };
  /** Number of this run of the gateway (GatewaySessions.start). */
  session: number;
  probeIntervalSec: number;
  mode: 'onDemand' | 'always';
}

const TICK_MS = 1000;
const RECOUNT_MS = 600_000;
const DAY_MS = 86_400_000;

/** The health of every camera: watches streams and records, keeps the lights, remembers their changes. One for the gateway. */
export class HealthBoard {
  readonly #options: HealthBoardOptions;
  readonly #changes: LightChangeStore;
  readonly #prober: CameraProber;
  readonly #tracked = new Map<string, TrackedCamera>();
  readonly #running = new Set<string>();
  readonly #faults: ErrorTally;
  readonly #health: Emitter<CameraHealth>;
  readonly #lightChanges: Emitter<LightChange>;
  readonly #ends: (Unsubscribe | CancelTimer)[] = [];
  #writes: Promise<void> = Promise.resolve();
  #downtimes: Downtime[] = [];

  constructor(options: HealthBoardOptions) {
    const { clock, logger, feeds } = options;
    this.#options = options;
    this.#changes = new LightChangeStore(options.database);
    this.#faults = new ErrorTally(clock, (key, count, message) => logger.error({ count, message }, key));
    const onFault = (error: unknown) => this.#faults.add('a listener of health failed', messageOf(error));
    this.#health = new Emitter(onFault);
    this.#lightChanges = new Emitter(onFault);
    this.#prober = new CameraProber({
      clock,
      logger,
      feeds,
      subjects: {
        ids: () => this.#tracked.keys(),
        plan: (cameraId) => this.#plan(cameraId),
        always: (cameraId) => (this.#tracked.get(cameraId)?.ingestMode ?? options.mode) === 'always',
      },
      intervalSec: options.probeIntervalSec,
    });
  }

  /** Reads what was known before the restart and begins to watch. */
  async start(): Promise<void> {
    const { clock, cameras, feeds, snapshots, sessions } = this.#options;
    const now = clock.now();
    await this.#changes.open();
    this.#downtimes = await sessions.downtimes(now - DAY_MS, now);
    const loaded: TrackedCamera[] = [];
    for (const camera of cameras.all()) loaded.push(await this.#load(camera));
    this.#enter(loaded);
    this.#ends.push(
      cameras.onChange(({ kind, camera }) => this.#cameraChanged(kind, camera)),
      feeds.onStatus((status) => this.#feedChanged(status)),
      snapshots.onTaken((snapshot) => {
        this.#tracked.get(snapshot.cameraId)?.taken(snapshot);
      }),
      snapshots.onGap((gap) => {
        this.#tracked.get(gap.cameraId)?.gap(gap);
      }),
      clock.every(TICK_MS, () => this.#tick()),
      clock.every(RECOUNT_MS, () => void this.#recount()),
    );
    this.#prober.start();
  }

  /** Ends watching; changes already seen are on disk when the promise resolves. */
  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    this.#prober.stop();
    this.#faults.stop();
    await this.#writes;
  }

  health(cameraId: string): CameraHealth | undefined {
    return this.#tracked.get(cameraId)?.health(this.#downtimes);
  }

  all(): CameraHealth[] {
    return [...this.#tracked.values()].map((tracked) => tracked.health(this.#downtimes));
  }

  totals(): LightTotals {
    const totals: LightTotals = { total: this.#tracked.size, green: 0, yellow: 0, red: 0, grey: 0 };
    for (const tracked of this.#tracked.values()) totals[tracked.light] += 1;
    return totals;
  }

  /** Streams that run now, whoever wants them. */
  runningStreams(): number {
    return this.#running.size;
  }

  /** Bytes pulled by health probes since the start. */
  probeBytes(): number {
    return this.#prober.bytes;
  }

  /** Recorded changes in the span and the share of its known time in which the camera was up. */
  async history(
    cameraId: string,
    fromMs: number,
    toMs: number,
  ): Promise<{ changes: LightChange[]; uptime: number | null }> {
    const recorded = await this.#changes.between(cameraId, fromMs, toMs);
    const before = await this.#changes.lastBefore(cameraId, fromMs);
    const lights = [...(before ? [before] : []), ...recorded].map(({ atMs, change }) => ({
      atMs,
      light: change.to,
    }));
    const downtimes = await this.#options.sessions.downtimes(fromMs, toMs);
    const untilMs = Math.min(toMs, this.#options.clock.now());
    return {
      changes: recorded.map(({ change }) => change),
      uptime: uptimeOf(lights, downtimes, fromMs, untilMs),
    };
  }

  /** Recorded changes of all cameras behind `seq`, in order: what telemetry has not sent yet. */
  changesAfter(seq: number, limit: number): Promise<RecordedChange[]> {
    return this.#changes.after(seq, limit);
  }

  /** Called at each change of light or reasons at once, and at most each 10 s for new figures. */
  onHealth(listener: (health: CameraHealth) => void): Unsubscribe {
    return this.#health.subscribe(listener);
  }

  /** Called after the change is on disk. */
  onLightChange(listener: (change: LightChange) => void): Unsubscribe {
    return this.#lightChanges.subscribe(listener);
  }

  async #load(camera: HealthCamera): Promise<TrackedCamera> {
    const { clock, feeds, snapshots, session } = this.#options;
    const tracked = new TrackedCamera({
      clock,
      feeds,
      snapshots,
      session,
      camera,
      onVerdict: () => this.#send(tracked),
      onLight: (change) => this.#record(change),
    });
    await tracked.load(this.#changes);
    return tracked;
  }

  /** Puts loaded cameras on the board as the fleet has them now: it may have changed while they were read. */
  #enter(loaded: readonly TrackedCamera[]): void {
    const { feeds, cameras } = this.#options;
    const latest = new Map(cameras.all().map((camera) => [camera.id, camera]));
    for (const tracked of loaded) {
      const camera = latest.get(tracked.id);
      if (!camera) continue;
      tracked.update(camera);
      this.#tracked.set(tracked.id, tracked);
      for (const profile of camera.profiles) this.#feedChanged(feeds.status(tracked.id, profile));
      this.#send(tracked);
    }
  }

  #cameraChanged(kind: 'added' | 'changed' | 'removed', camera: HealthCamera): void {
    const tracked = this.#tracked.get(camera.id);
    if (kind === 'removed') {
      this.#tracked.delete(camera.id);
      this.#prober.forget(camera.id);
    } else if (tracked) {
      if (tracked.update(camera)) this.#prober.soon(camera.id);
      this.#send(tracked);
    } else if (kind === 'added') {
      this.#load(camera)
        .then((fresh) => this.#enter([fresh]))
        .catch((error: unknown) =>
          this.#faults.add('a new camera is not watched', `${camera.name}: ${messageOf(error)}`),
        );
    }
  }

  #feedChanged(status: FeedStatus): void {
    const key = `${status.cameraId}/${status.profile}`;
    if (status.state === 'running') this.#running.add(key);
    else this.#running.delete(key);
    this.#tracked.get(status.cameraId)?.feed(status);
  }

  #plan(cameraId: string): ProbePlan | null {
    return this.#tracked.get(cameraId)?.plan() ?? null;
  }

  #tick(): void {
    const low = this.#options.disk?.low ?? null;
    for (const tracked of this.#tracked.values()) {
      tracked.disk(low);
      tracked.tick();
      if (tracked.figuresDue(this.#downtimes)) this.#send(tracked);
    }
  }

  #send(tracked: TrackedCamera): void {
    if (this.#tracked.get(tracked.id) === tracked) this.#health.emit(tracked.sent(this.#downtimes));
  }

  #record(change: LightChange): void {
    this.#writes = this.#writes.then(async () => {
      try {
        await this.#changes.append(change);
        this.#lightChanges.emit(change);
      } catch (error) {
        this.#faults.add('a change of light was not recorded', `${change.cameraId}: ${messageOf(error)}`);
      }
    });
  }

  async #recount(): Promise<void> {
    try {
      for (const tracked of this.#tracked.values()) await tracked.recount();
    } catch (error) {
      this.#faults.add('missed pictures were not counted', messageOf(error));
    }
  }
}
