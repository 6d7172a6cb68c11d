import { Backoff } from '../base/backoff.ts';
import type { CancelTimer, Clock } from '../base/clock.ts';
import { delay } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { GatewayError, messageOf } from '../base/gateway-error.ts';
import type { NetworkGuard } from '../base/network-guard.ts';
import type { ProfileName } from '../contract/camera.ts';
import type { StreamState } from '../contract/health.ts';
import { signInKey } from './auth-gate.ts';
import type { AuthGate } from './auth-gate.ts';
import { asPaused, pauseMessage } from './auth-pause.ts';
import { feedFailureCode } from './feed-failure.ts';
import { FeedMeter, NOTHING_COUNTED } from './feed-meter.ts';
import { FeedAudience } from './feed-audience.ts';
import type { FeedSubscriber } from './feed-subscriber.ts';
import type { FeedFailure, FeedFailureCode, FeedListener, FeedStatus } from './feeds.ts';
import type { Sample, StreamTracks } from './media.ts';
import type { TransportChoice } from './rtsp/rtsp-session.ts';
import { StreamRun } from './stream-run.ts';
import type { RunEnd } from './stream-run.ts';
import type { StreamSource, StreamSources } from './stream-sources.ts';

export interface CameraStreamOptions {
  clock: Clock;
  cameraId: string;
  profile: ProfileName;
  sources: StreamSources;
  guard: NetworkGuard;
  gate: AuthGate;
  idleTimeoutSec: number;
  connectTimeoutSec: number;
  noFramesTimeoutSec: number;
  transport: TransportChoice;
  /** Called at each change of state, failure or tracks. */
  onStatus(status: FeedStatus): void;
  /** A listener threw. */
  onListenerFault(error: unknown): void;
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;
/** A run this long proves the camera well: the next retry comes quickly again. */
const GOOD_RUN_MS = 10_000;
/** A password refused while the source was found out: as the gate waits. */
const REFUSED_WAIT_MS = 300_000;
const MOVED = 'the camera sends us elsewhere (REDIRECT) before it has sent a picture';

/** The only connection to one profile of one camera: connects, shares, reconnects, measures; lives as long as the hub. */
export class CameraStream {
  readonly #options: CameraStreamOptions;
  readonly #audience: FeedAudience;
  readonly #meter: FeedMeter;
  readonly #backoff = new Backoff({ firstMs: FIRST_RETRY_MS, maxMs: LONGEST_RETRY_MS, jitter: 0.2 });
  #learnt = { reorderDepth: 0, udpSilent: false };
  #state: StreamState = 'idle';
  #failure: FeedFailure | null = null;
  #nextEpoch = 1;
  #run: StreamRun | undefined;
  #revision: string | undefined;
  /** Where the camera sent the last run; for the next one alone. */
  #movedTo: string | undefined;
  #cancelIdle: CancelTimer | undefined;
  /** Aborts the wait before the next try, or the pull as a whole. */
  #wake = new AbortController();
  #wanted = false;
  #pulling: Promise<void> | undefined;

  constructor(options: CameraStreamOptions) {
    this.#options = options;
    this.#meter = new FeedMeter(options.clock);
    this.#audience = new FeedAudience((error) => options.onListenerFault(error));
  }

  /** Wants the stream; what is held is delivered before this returns. */
  subscribe(listener: FeedListener, lingerMs = this.#options.idleTimeoutSec * 1000): Unsubscribe {
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    const subscriber = this.#audience.join(listener, lingerMs);
    if (this.#state === 'waiting' && this.#failure) {
      const failure = asPaused(this.#failure);
      // Not before the caller has its Unsubscribe in hand.
      queueMicrotask(() => subscriber.failure(failure));
    }
    this.#begin();
    return () => this.#leave(subscriber);
  }

  status(): FeedStatus {
    const { cameraId, profile } = this.#options;
    return {
      cameraId,
      profile,
      state: this.#state,
      failure: this.#failure,
      tracks: this.#audience.current,
      measures: this.#meter.read(this.#run?.counts ?? NOTHING_COUNTED),
      subscribers: this.#audience.size,
    };
  }

  /** Reads the source again: another revision ends the pull in progress and tries at once. */
  async refresh(): Promise<void> {
    if (!this.#pulling) {
      this.#forgetFailure();
      return;
    }
    const { sources, cameraId, profile } = this.#options;
    const source = await sources.streamSource(cameraId, profile).catch(() => undefined);
    if (source !== undefined && source.revision === this.#revision) return;
    this.#backoff.reset();
    this.#run?.stop();
    this.#wake.abort();
  }

  /** Ends the pull and all subscriptions; resolves when the camera was told. */
  async stop(): Promise<void> {
    this.#audience.dismiss();
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    this.#end();
    await this.#pulling;
  }

  /** True when nobody uses it and no connection is left. */
  get unused(): boolean {
    return this.#audience.size === 0 && !this.#pulling;
  }

  #leave(subscriber: FeedSubscriber): void {
    if (subscriber.gone) return;
    this.#audience.leave(subscriber);
    if (this.#audience.size > 0 || !this.#wanted) return;
    this.#cancelIdle?.();
    if (subscriber.lingerMs <= 0) this.#end();
    else this.#cancelIdle = this.#options.clock.after(subscriber.lingerMs, () => this.#end());
  }

  #end(): void {
    this.#wanted = false;
    this.#run?.stop();
    this.#wake.abort();
  }

  #begin(): void {
    this.#wanted = true;
    if (this.#pulling) return;
    this.#pulling = this.#pullWhileWanted().finally(() => {
      this.#pulling = undefined;
      // Someone may have come while the last connection was being closed.
      if (this.#wanted) this.#begin();
    });
  }

  async #pullWhileWanted(): Promise<void> {
    while (this.#wanted) {
      this.#wake = new AbortController();
      await this.#pullOnce();
    }
    this.#setState('idle');
  }

  async #pullOnce(): Promise<void> {
    const source = await this.#readSource();
    if (!this.#wanted) return;
    if (source instanceof GatewayError) {
      const refused = source.code === 'camera-auth-failed';
      const untilMs = refused ? this.#options.clock.now() + REFUSED_WAIT_MS : undefined;
      await this.#wait(feedFailureCode(source), source.message, untilMs);
      return;
    }
    if (!source) {
      await this.#wait('rtsp-error', `the camera has no ${this.#options.profile} stream or is switched off`);
      return;
    }
    const key = signInKey(source);
    const answer = this.#options.gate.enter(key);
    if (answer.kind === 'wait') {
      await Promise.race([answer.settled, aborted(this.#wake.signal)]);
    } else if (answer.kind === 'paused') {
      await this.#wait('auth-paused', pauseMessage(source.username), answer.untilMs);
    } else {
      await this.#connect(source, key);
    }
  }

  /** The source; a fault that the sources put in words for people is handed on, others are counted. */
  async #readSource(): Promise<StreamSource | GatewayError | undefined> {
    const { sources, cameraId, profile } = this.#options;
    try {
      const source = await sources.streamSource(cameraId, profile);
      if (source?.revision !== this.#revision) this.#forgetFailure();
      if (source && this.#revision !== undefined && source.revision !== this.#revision) {
        this.#options.gate.renew(signInKey(source), source.revision);
        this.#learnt = { reorderDepth: 0, udpSilent: false };
      }
      this.#revision = source?.revision;
      return source;
    } catch (error) {
      if (error instanceof GatewayError && error.code !== 'secret-unreadable') return error;
      this.#options.onListenerFault(error);
      return undefined;
    }
  }

  async #connect(source: StreamSource, key: string): Promise<void> {
    const { clock, gate } = this.#options;
    this.#setState('connecting');
    const run = new StreamRun({
      ...this.#options,
      source,
      movedTo: this.#movedTo,
      learnt: this.#learnt,
      firstEpoch: this.#nextEpoch,
      onSignedIn: () => gate.taken(key),
      onTracks: (tracks) => this.#onTracks(tracks),
      onSample: (sample) => this.#onSample(sample),
    });
    this.#run = run;
    const startedMs = clock.monotonicMs();
    const end = await run.pull();
    const refused = end.kind === 'failed' && feedFailureCode(end.error) === 'auth-failed';
    const untilMs = refused ? gate.refused(key) : undefined;
    gate.released(key);
    this.#closeRun(run);
    if (run.frames > 0 && clock.monotonicMs() - startedMs >= GOOD_RUN_MS) this.#backoff.reset();
    if (end.kind === 'udp-silent') this.#learnt.udpSilent = true;
    this.#movedTo = end.kind === 'moved' ? end.url : undefined;
    if (end.kind === 'stopped' || end.kind === 'udp-silent' || !this.#wanted) return;
    if (run.frames > 0) this.#meter.reconnects += 1;
    // One that sends us on without a picture may do so for ever.
    if (end.kind === 'moved' && run.frames > 0) return;
    await this.#waitAfter(end, untilMs);
  }

  async #waitAfter(
    end: Extract<RunEnd, { kind: 'failed' | 'no-frames' | 'moved' }>,
    untilMs: number | undefined,
  ): Promise<void> {
    if (end.kind === 'no-frames') await this.#wait('no-frames', end.message);
    else if (end.kind === 'moved') await this.#wait('rtsp-error', MOVED);
    else await this.#wait(feedFailureCode(end.error), messageOf(end.error), untilMs);
  }

  /** Tells the failure and waits: until `untilMs`, else as the backoff says; refresh and end cut it short. */
  async #wait(code: FeedFailureCode, message: string, untilMs?: number): Promise<void> {
    const { clock } = this.#options;
    const waitMs = untilMs === undefined ? this.#backoff.nextMs() : untilMs - clock.now();
    const same = this.#failure?.code === code;
    const sinceMs = same && this.#failure ? this.#failure.sinceMs : clock.now();
    this.#failure = { code, message, sinceMs, retryAtMs: clock.now() + waitMs };
    this.#setState('waiting');
    this.#audience.failure(this.#failure);
    await delay(clock, waitMs, this.#wake.signal);
    // A time that has come tells nobody anything while the next try runs.
    if (this.#failure) this.#failure = { ...this.#failure, retryAtMs: null };
  }

  #onTracks(tracks: StreamTracks): void {
    this.#nextEpoch = tracks.epoch + 1;
    this.#meter.begin(tracks.video);
    this.#meter.rttMs = this.#run?.rttMs ?? null;
    this.#failure = null;
    this.#state = 'running';
    this.#audience.tracks(tracks);
    this.#options.onStatus(this.status());
  }

  #onSample(sample: Sample): void {
    this.#meter.take(sample);
    this.#audience.sample(sample);
  }

  #closeRun(run: StreamRun): void {
    this.#meter.endRun(run.counts);
    this.#meter.rttMs = run.rttMs ?? this.#meter.rttMs;
    this.#run = undefined;
    this.#audience.endRun();
  }

  #forgetFailure(): void {
    if (!this.#failure) return;
    this.#failure = null;
    this.#options.onStatus(this.status());
  }

  #setState(state: StreamState): void {
    this.#state = state;
    this.#options.onStatus(this.status());
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
