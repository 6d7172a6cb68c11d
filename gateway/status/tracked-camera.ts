import type { Clock } from '../base/clock.ts';
import { toRfc3339 } from '../base/clock.ts';
import type { ProfileName } from '../contract/camera.ts';
import type { CameraHealth, HealthOverview, Light, LightChange } from '../contract/health.ts';
import type { Snapshot, SnapshotGap } from '../contract/snapshot.ts';
import type { FeedStatus, Feeds } from '../ingest/feeds.ts';
import type { ProbePlan } from './camera-prober.ts';
import { faultyProfile, initialState, lightChangeOf, observe } from './camera-state.ts';
import type { CameraState, Observation } from './camera-state.ts';
import { composeHealth, runningBitrate, toReason } from './compose-health.ts';
import { clockReading, reportedDriftSec } from './clock-reading.ts';
import { isPictureFault } from './condition-rules.ts';
import { isUnsettled } from './conditions.ts';
import type { Reading } from './conditions.ts';
import { FeedTries } from './feed-tries.ts';
import type { HealthCamera, HealthSnapshots } from './health-camera.ts';
import type { LightChangeStore } from './light-change-store.ts';
import { overviewOf } from './health-overview.ts';
import type { OverviewSpans } from './health-overview.ts';
import { LightHistory } from './light-history.ts';
import type { RecheckWish } from './picture-recheck.ts';
import { recordedVerdict, standingConditions } from './recorded-verdict.ts';
import { noRecord, readRecordFacts, withGap, withSnapshot } from './record-facts.ts';
import type { RecordFacts } from './record-facts.ts';
import { StreamWatch } from './stream-watch.ts';
import type { Downtime } from './uptime.ts';

interface TrackedCameraOptions {
  clock: Clock;
  feeds: Feeds;
  snapshots: HealthSnapshots;
  session: number;
  camera: HealthCamera;
  /** A clock may be off by so much. */
  clockLimitSec: number;
  /** Minutes by which the site's time is ahead of UTC. */
  siteOffsetMin: () => number;
  /** What probes have cost this camera. */
  probes: () => { count: number; bytes: number };
  /** The light or the list of reasons has changed. */
  onVerdict: () => void;
  /** The recorded light has changed. */
  onLight: (change: LightChange) => void;
}

/** New figures (frame rate, bit rate, …) of one camera are told at most this often. */
const FIGURES_MS = 10_000;
const DAY_MS = 86_400_000;
const MONTH_MS = 30 * DAY_MS;
/** The uptime of 30 days moves slowly and is counted at most this often. */
const MONTH_COUNT_MS = 60_000;
/** A running stream's sender reports are looked at this often, of cameras that do not tell their time over ONVIF. */
const REPORT_LOOK_MS = 30_000;

/** One camera on the board: turns what its streams and records do into observations of its state. Lives while registered. */
export class TrackedCamera {
  readonly #options: TrackedCameraOptions;
  #camera: HealthCamera;
  #state: CameraState;
  #record: RecordFacts = noRecord;
  #lights = new LightHistory([]);
  readonly #streams = new StreamWatch();
  #clockDriftSec: number | null = null;
  #onvif: CameraHealth['layers']['onvif'] = 'unknown';
  #reportsLookedAtMs = -Infinity;
  #month = { atMs: -Infinity, uptime: null as number | null };
  readonly #tries = new FeedTries();
  #sentAtMs = -Infinity;
  #sentText = '';

  constructor(options: TrackedCameraOptions) {
    this.#options = options;
    this.#camera = options.camera;
    this.#state = initialState(options.camera, null, options.clock.now());
  }

  get id(): string {
    return this.#camera.id;
  }

  get ingestMode(): HealthCamera['ingestMode'] {
    return this.#camera.ingestMode;
  }

  get light(): Light {
    return this.#state.verdict.light;
  }

  /** The bars of the health page. */
  overview(downtimes: readonly Downtime[], spans: OverviewSpans): HealthOverview['items'][number] {
    const { light, sinceMs } = this.#state.verdict;
    const bitrateKbps = runningBitrate(this.#feeds());
    return overviewOf({ cameraId: this.id, light, sinceMs, bitrateKbps }, this.#lights, downtimes, spans);
  }

  /** Restores what was recorded before this start, so that a restart makes no false events. */
  async load(changes: LightChangeStore): Promise<void> {
    const { clock, snapshots } = this.#options;
    const now = clock.now();
    const last = await changes.lastBefore(this.id, Number.MAX_SAFE_INTEGER);
    const before = await changes.lastBefore(this.id, now - MONTH_MS);
    const recent = await changes.between(this.id, now - MONTH_MS, Number.MAX_SAFE_INTEGER);
    const lights = [...(before ? [before] : []), ...recent];
    this.#lights = new LightHistory(lights.map(({ atMs, change }) => ({ atMs, light: change.to })));
    const { facts, lastSlotMissed } = await readRecordFacts(snapshots, this.id, now);
    this.#record = facts;
    const recorded = last ? recordedVerdict(last) : null;
    this.#state = initialState(this.#camera, recorded, now, standingConditions(recorded, facts, now));
    if (lastSlotMissed)
      this.#observe({ kind: 'snapshot-missed', message: 'The last scheduled picture is missing.' });
  }

  /** Takes the camera's new settings; true when it should be looked at anew. */
  update(camera: HealthCamera): boolean {
    const before = this.#camera;
    this.#camera = camera;
    const { enabled, maintenanceUntilMs } = camera;
    this.#observe({ kind: 'settings', enabled, maintenanceUntilMs });
    return camera.revision === undefined || camera.revision !== before.revision || enabled !== before.enabled;
  }

  feed(status: FeedStatus): void {
    this.#streams.feed(status);
    const observation = this.#tries.observationOf(status);
    if (observation) this.#observe(observation);
  }

  taken(snapshot: Snapshot): void {
    this.#record = withSnapshot(this.#record, snapshot);
    this.#observe({ kind: 'snapshot-taken', verdict: snapshot.quality.verdict });
  }

  /** What the last picture calls for: a second one, a look whether the fault is over, or nothing. */
  get recheck(): RecheckWish {
    const faults = this.#state.conditions.filter(({ code }) => isPictureFault(code));
    if (faults.length === 0) return 'none';
    return faults.every(({ counts }) => counts) ? 'recheck' : 'confirm';
  }

  /** What the camera's clock says over ONVIF: seconds ahead, null for no time, undefined when it did not answer. */
  clock(driftSec: number | null | undefined): void {
    this.#onvif = driftSec === undefined ? 'failed' : 'ok';
    if (driftSec !== undefined && driftSec !== null) this.#readClock(driftSec);
  }

  get isClockSuspect(): boolean {
    return this.#state.conditions.some(({ code }) => code === 'clock-drift');
  }

  /** True where its clock can be asked for now: it has one, and delivers pictures. */
  get hasClock(): boolean {
    const { enabled, profiles } = this.#state;
    return enabled && this.#camera.hasOnvif === true && (profiles.main.working || profiles.sub.working);
  }

  gap(gap: SnapshotGap): void {
    if (gap.reason === 'disabled' || gap.reason === 'maintenance') return;
    this.#record = withGap(this.#record, gap);
    this.#observe({
      kind: 'snapshot-missed',
      message: `The picture of ${gap.scheduledFor} was not taken: ${gap.message}`,
    });
  }

  /** `low` says that the disk of the pictures runs full. */
  disk(low: string | null): void {
    this.#observe({ kind: 'disk', low });
  }

  /** Looks at the streams that run and at what time has done. */
  tick(): void {
    const { clock, feeds } = this.#options;
    const status = (profile: ProfileName): FeedStatus => feeds.status(this.id, profile);
    const nowMs = clock.monotonicMs();
    for (const reading of this.#streams.look(nowMs, status, this.#camera.toldFps)) this.#read(reading);
    const asksOnvif = this.#camera.hasOnvif === true && this.#onvif !== 'failed';
    if (!asksOnvif && nowMs - this.#reportsLookedAtMs >= REPORT_LOOK_MS) this.#lookAtReports(status, nowMs);
    this.#observe({ kind: 'tick' });
  }

  /** Counts the missed slots of the last day anew: old ones drop out. */
  async recount(): Promise<void> {
    const since = this.#options.clock.now() - DAY_MS;
    const missedSnapshots24h = await this.#options.snapshots.missed(this.id, since);
    this.#record = { ...this.#record, missedSnapshots24h };
  }

  /** What a probe should try: the profile that fails, else the small one, which costs the site least. */
  plan(): ProbePlan | null {
    if (!this.#state.enabled) return null;
    const { worst } = this.#streams;
    const lean = this.#camera.profiles.includes('sub') ? 'sub' : 'main';
    const streamFaults = this.#state.conditions.filter(({ code }) => STREAM_CODES.has(code));
    const measure = {
      profile: worst && streamFaults.length > 0 ? worst : lean,
      standing: streamFaults.some(({ counts }) => counts),
      unsettled: streamFaults.some(isUnsettled),
    };
    const faulty = faultyProfile(this.#state);
    if (faulty && this.#camera.profiles.includes(faulty.profile))
      return { profile: faulty.profile, trouble: faulty.code === 'auth-failed' ? 'auth' : 'fault', measure };
    return { profile: lean, trouble: 'none', measure };
  }

  health(downtimes: readonly Downtime[]): CameraHealth {
    const nowMs = this.#options.clock.now();
    return composeHealth({
      camera: this.#camera,
      state: this.#state,
      feeds: this.#feeds(),
      record: this.#record,
      uptime24h: this.#lights.uptime(downtimes, nowMs - DAY_MS, nowMs),
      uptime30d: this.#uptime30d(downtimes, nowMs),
      clockDriftSec: this.#clockDriftSec,
      onvif: this.#onvif,
      loss: this.#streams.loss,
      probes: this.#options.probes(),
      session: this.#options.session,
      nowMs,
    });
  }

  /** True when figures have changed and the last message is old enough. */
  figuresDue(downtimes: readonly Downtime[]): boolean {
    const now = this.#options.clock.monotonicMs();
    if (now - this.#sentAtMs < FIGURES_MS) return false;
    this.#sentAtMs = now;
    return textOf(this.health(downtimes)) !== this.#sentText;
  }

  /** The health to send now, noted as sent. */
  sent(downtimes: readonly Downtime[]): CameraHealth {
    const health = this.health(downtimes);
    this.#sentAtMs = this.#options.clock.monotonicMs();
    this.#sentText = textOf(health);
    return health;
  }

  #feeds(): FeedStatus[] {
    return this.#camera.profiles.map((profile) => this.#options.feeds.status(this.id, profile));
  }

  #observe(observation: Observation): void {
    const before = this.#state;
    const now = this.#options.clock.now();
    const after = observe(before, observation, now);
    if (after === before) return;
    this.#state = after;
    const change = lightChangeOf(before, after);
    if (change) {
      this.#lights.add({ atMs: now, light: change.to });
      const reasons = after.verdict.reasons.map(toReason);
      this.#options.onLight({ schema: 1, at: toRfc3339(now), cameraId: this.id, ...change, reasons });
    }
    if (codesOf(before) !== codesOf(after)) this.#options.onVerdict();
  }

  #read(reading: Reading): void {
    this.#observe({ kind: 'reading', ...reading });
  }

  #readClock(driftSec: number): void {
    this.#clockDriftSec = driftSec;
    this.#read(clockReading(driftSec, this.#options.clockLimitSec));
  }

  /** Cameras that do not answer over ONVIF tell their time in the sender reports of a running stream. */
  #lookAtReports(status: (profile: ProfileName) => FeedStatus, nowMs: number): void {
    for (const profile of this.#camera.profiles) {
      const { state, measures } = status(profile);
      if (state !== 'running' || measures.cameraAheadMs === null) continue;
      this.#reportsLookedAtMs = nowMs;
      const driftSec = reportedDriftSec(measures.cameraAheadMs, this.#options.siteOffsetMin());
      if (driftSec !== null) this.#readClock(driftSec);
      return;
    }
  }

  #uptime30d(downtimes: readonly Downtime[], nowMs: number): number | null {
    const monotonicMs = this.#options.clock.monotonicMs();
    if (monotonicMs - this.#month.atMs >= MONTH_COUNT_MS) {
      this.#lights.forgetBefore(nowMs - MONTH_MS);
      this.#month = {
        atMs: monotonicMs,
        uptime: this.#lights.uptime(downtimes, nowMs - MONTH_MS, nowMs),
      };
    }
    return this.#month.uptime;
  }
}

const STREAM_CODES: ReadonlySet<string> = new Set(['low-fps', 'packet-loss']);

function codesOf(state: CameraState): string {
  return `${state.verdict.light}:${state.verdict.reasons.map(({ code }) => code).join()}`;
}

function textOf(health: CameraHealth): string {
  return JSON.stringify({ ...health, at: '' });
}
