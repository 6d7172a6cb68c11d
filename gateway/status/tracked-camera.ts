import type { Clock } from '../base/clock.ts';
import { toRfc3339 } from '../base/clock.ts';
import type { ProfileName } from '../contract/camera.ts';
import type { CameraHealth, Light, LightChange } from '../contract/health.ts';
import type { Snapshot, SnapshotGap } from '../contract/snapshot.ts';
import type { FeedFailureCode, FeedStatus, Feeds } from '../ingest/feeds.ts';
import type { ProbePlan } from './camera-prober.ts';
import { faultyProfile, initialState, lightChangeOf, observe } from './camera-state.ts';
import type { CameraState, Observation, Verdict } from './camera-state.ts';
import { composeHealth, toReason } from './compose-health.ts';
import type { HealthCamera, HealthSnapshots } from './health-camera.ts';
import type { LightChangeStore, RecordedChange } from './light-change-store.ts';
import { noRecord, readRecordFacts, withSnapshot } from './record-facts.ts';
import type { RecordFacts } from './record-facts.ts';
import { uptimeOf } from './uptime.ts';
import type { Downtime, TimedLight } from './uptime.ts';

interface TrackedCameraOptions {
  clock: Clock;
  feeds: Feeds;
  snapshots: HealthSnapshots;
  session: number;
  camera: HealthCamera;
  /** The light or the list of reasons has changed. */
  onVerdict: () => void;
  /** The recorded light has changed. */
  onLight: (change: LightChange) => void;
}

/** New figures (frame rate, bit rate, …) of one camera are told at most this often. */
const FIGURES_MS = 10_000;
const DAY_MS = 86_400_000;

/** One camera on the board: turns what its streams and records do into observations of its state. Lives while registered. */
export class TrackedCamera {
  readonly #options: TrackedCameraOptions;
  #camera: HealthCamera;
  #state: CameraState;
  #record: RecordFacts = noRecord;
  #lights: TimedLight[] = [];
  /** For each profile, whether a try is under way and what the last one failed with: one try, one observation. */
  readonly #tries = new Map<ProfileName, { trying: boolean; code: FeedFailureCode | null }>();
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

  /** Restores what was recorded before this start, so that a restart makes no false events. */
  async load(changes: LightChangeStore): Promise<void> {
    const { clock, snapshots } = this.#options;
    const now = clock.now();
    const last = await changes.lastBefore(this.id, Number.MAX_SAFE_INTEGER);
    const before = await changes.lastBefore(this.id, now - DAY_MS);
    const recent = await changes.between(this.id, now - DAY_MS, Number.MAX_SAFE_INTEGER);
    this.#lights = [...(before ? [before] : []), ...recent].map(({ atMs, change }) => ({
      atMs,
      light: change.to,
    }));
    this.#state = initialState(this.#camera, last ? toVerdict(last) : null, now);
    const { facts, lastSlotMissed } = await readRecordFacts(snapshots, this.id, now);
    this.#record = facts;
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
    const { profile, state, failure } = status;
    const tries = this.#tries.get(profile) ?? { trying: false, code: null };
    if (state === 'running') {
      this.#tries.set(profile, { trying: false, code: null });
      if (status.tracks) this.#observe({ kind: 'frames', profile });
    } else if (state === 'connecting') {
      this.#tries.set(profile, { trying: true, code: tries.code });
    } else if (failure && (tries.trying || tries.code !== failure.code)) {
      this.#tries.set(profile, { trying: false, code: failure.code });
      this.#observe({ kind: 'failure', profile, code: failure.code, message: failure.message });
    }
  }

  taken(snapshot: Snapshot): void {
    this.#record = withSnapshot(this.#record, snapshot);
    this.#observe({ kind: 'snapshot-taken' });
  }

  gap(gap: SnapshotGap): void {
    if (gap.reason === 'disabled' || gap.reason === 'maintenance') return;
    const missedSnapshots24h = this.#record.missedSnapshots24h + 1;
    this.#record = { ...this.#record, missedSnapshots24h };
    this.#observe({
      kind: 'snapshot-missed',
      message: `The picture of ${gap.scheduledFor} was not taken: ${gap.message}`,
    });
  }

  /** `low` says that the disk of the pictures runs full. */
  disk(low: string | null): void {
    this.#observe({ kind: 'disk', low });
  }

  tick(): void {
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
    const faulty = faultyProfile(this.#state);
    if (faulty && this.#camera.profiles.includes(faulty.profile))
      return { profile: faulty.profile, trouble: faulty.code === 'auth-failed' ? 'auth' : 'fault' };
    return { profile: this.#camera.profiles.includes('sub') ? 'sub' : 'main', trouble: 'none' };
  }

  health(downtimes: readonly Downtime[]): CameraHealth {
    const nowMs = this.#options.clock.now();
    return composeHealth({
      camera: this.#camera,
      state: this.#state,
      feeds: this.#camera.profiles.map((profile) => this.#options.feeds.status(this.id, profile)),
      record: this.#record,
      uptime24h: this.#uptime24h(downtimes, nowMs),
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

  #observe(observation: Observation): void {
    const before = this.#state;
    const now = this.#options.clock.now();
    const after = observe(before, observation, now);
    if (after === before) return;
    this.#state = after;
    const change = lightChangeOf(before, after);
    if (change) {
      this.#lights.push({ atMs: now, light: change.to });
      const reasons = after.verdict.reasons.map(toReason);
      this.#options.onLight({ schema: 1, at: toRfc3339(now), cameraId: this.id, ...change, reasons });
    }
    if (codesOf(before) !== codesOf(after)) this.#options.onVerdict();
  }

  #uptime24h(downtimes: readonly Downtime[], nowMs: number): number | null {
    const fromMs = nowMs - DAY_MS;
    while ((this.#lights[1]?.atMs ?? Infinity) <= fromMs) this.#lights.shift();
    return uptimeOf(this.#lights, downtimes, fromMs, nowMs);
  }
}

function codesOf(state: CameraState): string {
  return `${state.verdict.light}:${state.verdict.reasons.map(({ code }) => code).join()}`;
}

function textOf(health: CameraHealth): string {
  return JSON.stringify({ ...health, at: '' });
}

function toVerdict({ atMs, change }: RecordedChange): Verdict {
  const reasons = change.reasons.map(({ code, since, message }) => ({
    code,
    sinceMs: Date.parse(since),
    message,
  }));
  return { light: change.to, sinceMs: atMs, reasons };
}
