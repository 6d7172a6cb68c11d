import { toRfc3339 } from '../base/clock.ts';
import type { CancelTimer } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { ErrorTally } from '../base/error-tally.ts';
import { messageOf } from '../base/gateway-error.ts';
import { zoneOffsetMin } from '../base/local-time.ts';
import type { CameraHealth, HealthOverview, LightChange } from '../contract/health.ts';
import type { FeedStatus } from '../ingest/feeds.ts';
import { CameraProber } from './camera-prober.ts';
import type { ProbePlan } from './camera-prober.ts';
import { ClockWatch } from './clock-watch.ts';
import type { HealthBoardOptions, LightTotals } from './health-board-options.ts';
import { HealthArchive } from './health-archive.ts';
import type { HealthCamera } from './health-camera.ts';
import { overviewSpans } from './health-overview.ts';
import type { RecordedChange } from './light-change-store.ts';
import { PictureRecheck } from './picture-recheck.ts';
import { TrackedCamera } from './tracked-camera.ts';

const TICK_MS = 1000;
const RECOUNT_MS = 600_000;
const DAY_MS = 86_400_000;

/** The health of every camera: watches streams and records, keeps the lights, remembers their changes. One for the gateway. */
export class HealthBoard {
  readonly #options: HealthBoardOptions;
  readonly #archive: HealthArchive;
  readonly #prober: CameraProber;
  readonly #clocks: ClockWatch;
  readonly #recheck: PictureRecheck;
  readonly #tracked = new Map<string, TrackedCamera>();
  readonly #running = new Set<string>();
  readonly #faults: ErrorTally;
  readonly #health: Emitter<CameraHealth>;
  readonly #lightChanges: Emitter<LightChange>;
  readonly #ends: (Unsubscribe | CancelTimer)[] = [];

  constructor(options: HealthBoardOptions) {
    const { clock, logger, feeds } = options;
    this.#options = options;
    this.#faults = new ErrorTally(clock, (key, count, message) => logger.error({ count, message }, key));
    this.#archive = new HealthArchive({
      ...options,
      onFault: (what, why) => this.#faults.add(what, why),
    });
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
      measureIntervalSec: options.measureIntervalSec,
    });
    this.#recheck = new PictureRecheck({ clock, take: (cameraId) => this.#takeAgain(cameraId) });
    this.#clocks = new ClockWatch({
      clock,
      subjects: {
        ids: () => this.#withClocks(),
        read: (cameraId) => options.clocks.driftSec(cameraId),
        isSuspect: (cameraId) => this.#tracked.get(cameraId)?.isClockSuspect ?? false,
        told: (cameraId, driftSec) => this.#tracked.get(cameraId)?.clock(driftSec),
      },
      intervalSec: options.clockIntervalSec,
    });
  }

  /** Reads what was known before the restart and begins to watch. */
  async start(): Promise<void> {
    const { clock, cameras, feeds, snapshots } = this.#options;
    await this.#archive.open();
    const loaded: TrackedCamera[] = [];
    for (const camera of cameras.all()) loaded.push(await this.#load(camera));
    this.#enter(loaded);
    this.#ends.push(
      cameras.onChange(({ kind, camera }) => this.#cameraChanged(kind, camera)),
      feeds.onStatus((status) => this.#feedChanged(status)),
      snapshots.onTaken((snapshot) => {
        const tracked = this.#tracked.get(snapshot.cameraId);
        tracked?.taken(snapshot);
        if (tracked) this.#recheck.after(tracked.id, tracked.recheck);
      }),
      snapshots.onGap((gap) => {
        this.#tracked.get(gap.cameraId)?.gap(gap);
      }),
      clock.every(TICK_MS, () => this.#tick()),
      clock.every(RECOUNT_MS, () => void this.#recount()),
      clock.every(DAY_MS, () => void this.#archive.prune()),
    );
    this.#prober.start();
    this.#clocks.start();
    void this.#archive.prune();
  }

  /** Ends watching; changes already seen are on disk when the promise resolves. */
  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    this.#prober.stop();
    this.#clocks.stop();
    this.#recheck.stop();
    this.#faults.stop();
    await this.#archive.settled();
  }

  health(cameraId: string): CameraHealth | undefined {
    return this.#tracked.get(cameraId)?.health(this.#archive.downtimes);
  }

  all(): CameraHealth[] {
    return [...this.#tracked.values()].map((tracked) => tracked.health(this.#archive.downtimes));
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
  history(
    cameraId: string,
    fromMs: number,
    toMs: number,
  ): Promise<{ changes: LightChange[]; uptime: number | null }> {
    return this.#archive.history(cameraId, fromMs, toMs);
  }

  /** The bars of every camera for the last `days` days (1 … 30) at the site. */
  overview(days: number): HealthOverview {
    const nowMs = this.#options.clock.now();
    const spans = overviewSpans(nowMs, days, this.#options.timeZone);
    const { downtimes } = this.#archive;
    const items = [...this.#tracked.values()].map((tracked) => tracked.overview(downtimes, spans));
    return { at: toRfc3339(nowMs), days: [...spans.dates], items };
  }

  /** Recorded changes of all cameras behind `seq`, in order: what telemetry has not sent yet. */
  changesAfter(seq: number, limit: number): Promise<RecordedChange[]> {
    return this.#archive.after(seq, limit);
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
      clockLimitSec: this.#options.clockLimitSec,
      siteOffsetMin: () => zoneOffsetMin(clock.now(), this.#options.timeZone),
      probes: () => this.#prober.costOf(camera.id),
      onVerdict: () => this.#send(tracked),
      onLight: (change) => this.#record(change),
    });
    await tracked.load(this.#archive.changes);
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
      this.#clocks.forget(camera.id);
      this.#recheck.forget(camera.id);
    } else if (tracked) {
      if (tracked.update(camera)) {
        this.#prober.soon(camera.id);
        this.#clocks.soon(camera.id);
      }
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
      if (tracked.figuresDue(this.#archive.downtimes)) this.#send(tracked);
    }
  }

  #send(tracked: TrackedCamera): void {
    if (this.#tracked.get(tracked.id) === tracked) this.#health.emit(tracked.sent(this.#archive.downtimes));
  }

  #record(change: LightChange): void {
    this.#archive.record(change, () => this.#lightChanges.emit(change));
  }

  /** Cameras whose clocks can be asked for now. */
  *#withClocks(): Iterable<string> {
    for (const [cameraId, tracked] of this.#tracked) if (tracked.hasClock) yield cameraId;
  }

  /** Takes another picture of a camera that delivers some; one that does not will have its scheduled ones. */
  async #takeAgain(cameraId: string): Promise<void> {
    const light = this.#tracked.get(cameraId)?.light;
    if (!this.#options.extraPictures || (light !== 'green' && light !== 'yellow')) return;
    try {
      await this.#options.snapshots.takeNow(cameraId);
    } catch (error) {
      this.#options.logger.debug({ cameraId, reason: messageOf(error) }, 'no second picture was taken');
    }
  }

  async #recount(): Promise<void> {
    try {
      for (const tracked of this.#tracked.values()) await tracked.recount();
    } catch (error) {
      this.#faults.add('missed pictures were not counted', messageOf(error));
    }
  }
}
