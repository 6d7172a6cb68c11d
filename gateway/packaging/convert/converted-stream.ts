import { Backoff } from '../../base/backoff.ts';
import type { CancelTimer, Clock } from '../../base/clock.ts';
import type { Unsubscribe } from '../../base/emitter.ts';
import { messageOf } from '../../base/gateway-error.ts';
import type { ProfileName } from '../../contract/camera.ts';
import { CONVERTED_GOP_SEC } from '../../ffmpeg/h264-plan.ts';
import type { ConversionKind } from '../../ffmpeg/h264-plan.ts';
import { FeedAudience } from '../../ingest/feed-audience.ts';
import type { FeedFailure, FeedListener, Feeds, FeedStatus } from '../../ingest/feeds.ts';
import type { StreamTracks } from '../../ingest/media.ts';
import { ConversionRun } from './conversion-run.ts';

export interface ConvertedStreamOptions {
  clock: Clock;
  feeds: Pick<Feeds, 'subscribe' | 'status'>;
  cameraId: string;
  profile: ProfileName;
  kind: ConversionKind;
  /** Where FFmpeg is; rejects when there is none. */
  program: () => Promise<{ path: string }>;
  idleTimeoutSec: number;
  /** Called when nobody has wanted it for the idle time: FFmpeg is gone, or going. */
  onIdle: () => void;
  onFault: (message: string) => void;
}

const FIRST_RETRY_MS = 300;
const LONGEST_RETRY_MS = 30_000;
/** A run this long proves that FFmpeg and the stream are well. */
const GOOD_RUN_MS = 10_000;
/** Runs in a row without one picture before viewers are told. */
const FRUITLESS_RUNS = 2;

/** One camera's stream as H.264: the subscription to its source and the FFmpeg of the moment; from the first listener until idle. */
export class ConvertedStream {
  readonly #options: ConvertedStreamOptions;
  readonly #audience: FeedAudience;
  readonly #backoff = new Backoff({ firstMs: FIRST_RETRY_MS, maxMs: LONGEST_RETRY_MS, jitter: 0.2 });
  #run: ConversionRun | null = null;
  #runSinceMs = 0;
  #epoch = 0;
  #fruitless = 0;
  #failure: FeedFailure | null = null;
  #leaveSource: Unsubscribe | undefined;
  /** Grows with each subscription to the source, so that what an older one still brings is left. */
  #turn = 0;
  #cancelRetry: CancelTimer | undefined;
  #cancelIdle: CancelTimer | undefined;
  #stopping: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(options: ConvertedStreamOptions) {
    this.#options = options;
    this.#audience = new FeedAudience((error) => options.onFault(messageOf(error)));
  }

  /** Listeners now. */
  get subscribers(): number {
    return this.#audience.size;
  }

  /** Begins the first run. */
  start(): void {
    void this.#connect();
  }

  subscribe(listener: FeedListener): Unsubscribe {
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    const subscriber = this.#audience.join(listener, 0);
    const failure = this.#failure;
    if (failure) queueMicrotask(() => subscriber.failure(failure));
    return () => {
      if (subscriber.gone) return;
      this.#audience.leave(subscriber);
      if (this.#audience.size === 0 && !this.#ended) this.#waitIdle();
    };
  }

  status(): FeedStatus {
    const { feeds, cameraId, profile } = this.#options;
    const source = feeds.status(cameraId, profile);
    const tracks = this.#audience.current;
    const failure = this.#failure ?? source.failure;
    const state = tracks ? 'running' : failure ? 'waiting' : 'connecting';
    const measures = { ...source.measures, gopSec: CONVERTED_GOP_SEC };
    return { ...source, state, failure, tracks, measures, subscribers: this.#audience.size };
  }

  /** Ends it for good; resolves when its FFmpeg is gone. */
  stop(): Promise<void> {
    this.#ended = true;
    this.#turn += 1;
    this.#audience.dismiss();
    this.#cancelIdle?.();
    this.#cancelRetry?.();
    this.#leaveSource?.();
    this.#leaveSource = undefined;
    this.#endRun();
    return this.#stopping;
  }

  #waitIdle(): void {
    const { clock, idleTimeoutSec, onIdle } = this.#options;
    this.#cancelIdle?.();
    this.#cancelIdle = clock.after(idleTimeoutSec * 1000, () => {
      void this.stop();
      onIdle();
    });
  }

  /** Subscribes to the source anew, which then begins with the GOP it holds, before the old subscription is left. */
  async #connect(): Promise<void> {
    const { program, feeds, cameraId, profile } = this.#options;
    const turn = (this.#turn += 1);
    const isCurrent = (): boolean => turn === this.#turn;
    let path: string;
    try {
      ({ path } = await program());
    } catch (error) {
      if (isCurrent()) this.#again(messageOf(error), FRUITLESS_RUNS);
      return;
    }
    if (!isCurrent()) return;
    const leaveBefore = this.#leaveSource;
    const listener: FeedListener = {
      onTracks: (tracks) => isCurrent() && this.#begin(path, tracks),
      onSample: (sample) => isCurrent() && this.#run?.sample(sample),
      onFailure: (failure) => isCurrent() && this.#sourceFailed(failure),
    };
    // Whoever watches the conversion has lingered for its source too.
    this.#leaveSource = feeds.subscribe(cameraId, profile, listener, { lingerMs: 0 });
    leaveBefore?.();
  }

  #begin(path: string, source: StreamTracks): void {
    const { clock, feeds, cameraId, profile, kind } = this.#options;
    this.#endRun();
    if (kind === 'h264' && source.video.codec === 'h264') {
      return this.#fail('this camera sends H.264 itself: watch its main stream');
    }
    this.#epoch += 1;
    this.#runSinceMs = clock.monotonicMs();
    const run = new ConversionRun({
      clock,
      path,
      kind,
      source,
      fps: source.video.fps ?? feeds.status(cameraId, profile).measures.fps,
      epoch: this.#epoch,
      onTracks: (tracks) => {
        this.#failure = null;
        this.#audience.tracks(tracks);
      },
      onSample: (sample) => this.#audience.sample(sample),
      onEnd: (why) => this.#runEnded(run, why),
    });
    this.#run = run;
    run.start();
  }

  #runEnded(run: ConversionRun, why: string): void {
    if (run !== this.#run) return;
    const fruitless = run.frames === 0 ? this.#fruitless + 1 : 0;
    if (run.frames > 0 && this.#options.clock.monotonicMs() - this.#runSinceMs >= GOOD_RUN_MS)
      this.#backoff.reset();
    this.#endRun();
    this.#again(why, fruitless);
  }

  #again(why: string, fruitless: number): void {
    const { clock, onFault } = this.#options;
    this.#fruitless = fruitless;
    onFault(why);
    if (fruitless >= FRUITLESS_RUNS)
      this.#fail('the picture cannot be converted to H.264 now; the log of the gateway has the reason');
    this.#cancelRetry?.();
    this.#cancelRetry = clock.after(this.#backoff.nextMs(), () => void this.#connect());
  }

  #fail(message: string): void {
    const sinceMs = this.#failure?.sinceMs ?? this.#options.clock.now();
    this.#failure = { code: 'unsupported-codec', message, sinceMs, retryAtMs: null };
    this.#audience.failure(this.#failure);
  }

  #sourceFailed(failure: FeedFailure): void {
    this.#endRun();
    this.#audience.failure(failure);
  }

  #endRun(): void {
    const run = this.#run;
    this.#run = null;
    this.#audience.endRun();
    if (run) this.#stopping = Promise.all([this.#stopping, run.stop()]).then(() => undefined);
  }
}
