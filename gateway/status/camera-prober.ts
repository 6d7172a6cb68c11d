import type { CancelTimer, Clock } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { Logger } from '../base/logger.ts';
import type { ProfileName } from '../contract/camera.ts';
import type { FeedFailure, FeedListener, Feeds } from '../ingest/feeds.ts';
import { faultRules } from './reason-rules.ts';

/** What to try of a camera next, and how urgent it is. */
export interface ProbePlan {
  profile: ProfileName;
  trouble: 'none' | 'fault' | 'auth';
  /** Which stream to watch for some seconds now and then, for its frame rate and losses. */
  measure: {
    profile: ProfileName;
    /** It is known to be bad, so that it is watched more often. */
    standing: boolean;
    /** A few seconds more would tell. */
    unsettled: boolean;
  };
}

/** Whom the prober looks at. */
export interface ProbeSubjects {
  ids(): Iterable<string>;
  /** Null: leave this camera alone (disabled). */
  plan(cameraId: string): ProbePlan | null;
  /** True: its main stream is pulled all the time. */
  always(cameraId: string): boolean;
}

interface Probe {
  profile: ProfileName;
  /** The stream's count of bytes when the probe began. */
  bytesBefore: number;
  /** Watches for a while instead of ending at the first key frame: from when, by the monotonic clock. */
  measure: { fromMs: number | null } | null;
  tries: number;
  retryAtMs: number | null;
  finished: boolean;
  unsubscribe: Unsubscribe | undefined;
  cancelDeadline: CancelTimer;
}

/** A failing camera is tried at least this often; a refused password only when ingest lets it. */
const FAULT_INTERVAL_MS = 30_000;
const AUTH_INTERVAL_MS = 300_000;
/** Longer than ingest's own time-outs together; a probe that hears nothing at all ends here. */
const DEADLINE_MS = 60_000;
const TICK_MS = 1000;
/** How long a stream is watched for its frame rate and losses; longer while that is not settled. */
const MEASURE_MS = 12_000;
const LONGEST_MEASURE_MS = 50_000;
/** A stream known to be bad is watched at least this often, so that its recovery is seen. */
const STANDING_MEASURE_MS = 900_000;

const ignore: FeedListener = { retainsMemory: true, onTracks: () => undefined, onSample: () => undefined };

/**
 * Keeps the health of idle cameras known: a short pull of the sub stream (else main) each `intervalSec`, ended at the
 * first key frame, and each `measureIntervalSec` one of 12 s, long enough to see the frame rate. Observes nothing itself:
 * what the pull meets is told by `Feeds.onStatus`. Of cameras that are to be pulled always it holds the main stream instead. Lives as long as the board.
 */
export class CameraProber {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #feeds: Feeds;
  readonly #subjects: ProbeSubjects;
  readonly #intervalMs: number;
  readonly #measureMs: number;
  readonly #maxConcurrent: number;
  readonly #nextAtMs = new Map<string, number>();
  readonly #measureAtMs = new Map<string, number>();
  readonly #costs = new Map<string, { count: number; bytes: number }>();
  readonly #active = new Map<string, Probe>();
  readonly #held = new Map<string, Unsubscribe>();
  #bytes = 0;
  #cancel: CancelTimer | undefined;

  constructor(options: {
    clock: Clock;
    logger: Logger;
    feeds: Feeds;
    subjects: ProbeSubjects;
    intervalSec: number;
    /** 0: never. */
    measureIntervalSec: number;
    maxConcurrent?: number;
  }) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#feeds = options.feeds;
    this.#subjects = options.subjects;
    this.#intervalMs = options.intervalSec * 1000;
    this.#measureMs = options.measureIntervalSec === 0 ? Infinity : options.measureIntervalSec * 1000;
    this.#maxConcurrent = options.maxConcurrent ?? 8;
  }

  start(): void {
    this.#cancel = this.#clock.every(TICK_MS, () => this.#tick());
    this.#tick();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const [cameraId, probe] of this.#active) this.#end(cameraId, probe);
    for (const release of this.#held.values()) release();
    this.#held.clear();
    this.#nextAtMs.clear();
    this.#measureAtMs.clear();
  }

  /** Looks at this camera at the next turn: it is new, or its address or password has changed. */
  soon(cameraId: string): void {
    this.#nextAtMs.delete(cameraId);
  }

  /** Forgets a camera that was removed. */
  forget(cameraId: string): void {
    const probe = this.#active.get(cameraId);
    if (probe) this.#end(cameraId, probe);
    this.#held.get(cameraId)?.();
    this.#held.delete(cameraId);
    this.#nextAtMs.delete(cameraId);
    this.#measureAtMs.delete(cameraId);
    this.#costs.delete(cameraId);
  }

  /** Bytes that probes have pulled since the start; sites pay for them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What probes of this camera have cost since the start. */
  costOf(cameraId: string): { count: number; bytes: number } {
    return this.#costs.get(cameraId) ?? { count: 0, bytes: 0 };
  }

  #tick(): void {
    const now = this.#clock.now();
    for (const cameraId of this.#subjects.ids()) {
      const plan = this.#subjects.plan(cameraId);
      this.#hold(cameraId, plan !== null && this.#subjects.always(cameraId));
      const active = this.#active.get(cameraId);
      if (active) this.#watch(cameraId, active, plan);
      if (!plan || active || (this.#nextAtMs.get(cameraId) ?? 0) > now) continue;
      if (this.#held.has(cameraId) && plan.profile === 'main') continue;
      if (this.#feeds.status(cameraId, plan.profile).state === 'running') {
        this.#nextAtMs.set(cameraId, now + this.#intervalMs);
      } else if (this.#active.size < this.#maxConcurrent) {
        this.#begin(cameraId, plan, this.#isMeasureDue(cameraId, plan));
      }
    }
  }

  #hold(cameraId: string, wanted: boolean): void {
    if (wanted === this.#held.has(cameraId)) return;
    if (wanted) {
      this.#held.set(cameraId, this.#feeds.subscribe(cameraId, 'main', ignore));
    } else {
      this.#held.get(cameraId)?.();
      this.#held.delete(cameraId);
    }
  }

  /** The first one comes at some time in the interval, so that a restart does not pull everything at once. */
  #isMeasureDue(cameraId: string, { trouble, measure }: ProbePlan): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (trouble !== 'none' || this.#measureMs === Infinity) return false;
    const everyMs = measure.standing ? Math.min(this.#measureMs, STANDING_MEASURE_MS) : this.#measureMs;
    const firstMs = nowMs + this.#measureMs * spread(cameraId);
    const dueMs = Math.min(this.#measureAtMs.get(cameraId) ?? firstMs, nowMs + everyMs);
    const isDue = dueMs <= nowMs || (measure.unsettled && !measure.standing);
    this.#measureAtMs.set(cameraId, isDue ? nowMs + everyMs : dueMs);
    return isDue;
  }

  /** Ends a probe that has watched for long enough. */
  #watch(cameraId: string, probe: Probe, plan: ProbePlan | null): void {
    const fromMs = probe.measure?.fromMs ?? null;
    if (fromMs === null) return;
    const watchedMs = this.#clock.monotonicMs() - fromMs;
    const enough = plan?.measure.unsettled === true ? LONGEST_MEASURE_MS : MEASURE_MS;
    if (watchedMs >= enough) this.#finishSoon(cameraId, probe);
  }

  #begin(cameraId: string, plan: ProbePlan, measures: boolean): void {
    const profile = measures ? plan.measure.profile : plan.profile;
    const probe: Probe = {
      profile,
      bytesBefore: this.#feeds.status(cameraId, profile).measures.bytesReceived,
      measure: measures ? { fromMs: null } : null,
      tries: 0,
      retryAtMs: null,
      finished: false,
      unsubscribe: undefined,
      cancelDeadline: this.#clock.after(DEADLINE_MS, () => {
        this.#logger.warn({ cameraId, profile }, 'a probe heard neither frames nor a failure');
        this.#end(cameraId, probe);
      }),
    };
    this.#active.set(cameraId, probe);
    const listener: FeedListener = {
      onTracks: () => undefined,
      onSample: (sample) => {
        if (sample.kind !== 'video' || !sample.key) return;
        if (probe.measure) probe.measure.fromMs ??= this.#clock.monotonicMs();
        else this.#finishSoon(cameraId, probe);
      },
      onFailure: (failure) => this.#failed(cameraId, probe, failure),
    };
    probe.unsubscribe = this.#feeds.subscribe(cameraId, profile, listener, { lingerMs: 0 });
  }

  #failed(cameraId: string, probe: Probe, failure: FeedFailure): void {
    probe.tries += 1;
    probe.retryAtMs = failure.retryAtMs;
    const enough = failure.code === 'auth-paused' || probe.tries >= faultRules[failure.code].tries;
    if (enough) this.#finishSoon(cameraId, probe);
  }

  /** Not within the feed's own call: its other listeners hear of the frame or failure before the pull ends. */
  #finishSoon(cameraId: string, probe: Probe): void {
    if (probe.finished) return;
    probe.finished = true;
    this.#clock.after(0, () => this.#end(cameraId, probe));
  }

  #end(cameraId: string, probe: Probe): void {
    if (this.#active.get(cameraId) !== probe) return;
    probe.finished = true;
    probe.cancelDeadline();
    this.#active.delete(cameraId);
    this.#charge(cameraId, probe);
    probe.unsubscribe?.();
    this.#nextAtMs.set(cameraId, this.#nextProbeMs(cameraId, probe));
  }

  #charge(cameraId: string, probe: Probe): void {
    const { subscribers, measures } = this.#feeds.status(cameraId, probe.profile);
    // With others on the stream, the bytes are theirs.
    const bytes = subscribers <= 1 ? Math.max(0, measures.bytesReceived - probe.bytesBefore) : 0;
    const before = this.costOf(cameraId);
    this.#costs.set(cameraId, { count: before.count + 1, bytes: before.bytes + bytes });
    this.#bytes += bytes;
  }

  #nextProbeMs(cameraId: string, probe: Probe): number {
    const now = this.#clock.now();
    switch (this.#subjects.plan(cameraId)?.trouble ?? 'none') {
      case 'none':
        break;
      case 'fault':
        return now + Math.min(this.#intervalMs, FAULT_INTERVAL_MS);
      case 'auth':
        return Math.max(probe.retryAtMs ?? 0, now + AUTH_INTERVAL_MS);
    }
    return now + this.#intervalMs * (0.9 + 0.2 * spread(cameraId));
  }
}

/** A number in [0, 1) that is the same for a camera each time, so that probes of a site do not come in step. */
function spread(cameraId: string): number {
  let hash = 7;
  for (const letter of cameraId) hash = (hash * 31 + letter.charCodeAt(0)) % 1009;
  return hash / 1009;
}
