import type { CancelTimer, Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { NetworkGuard } from '../base/network-guard.ts';
import type { RunCounts } from './feed-meter.ts';
import type { Sample, StreamTracks } from './media.ts';
import { MediaReceiver } from './media-receiver.ts';
import { RtspSession } from './rtsp/rtsp-session.ts';
import type { StreamSource } from './stream-sources.ts';
import type { LearntStream } from './video-receiver.ts';

export interface StreamRunOptions {
  clock: Clock;
  guard: NetworkGuard;
  source: StreamSource;
  connectTimeoutSec: number;
  noFramesTimeoutSec: number;
  learnt: LearntStream;
  firstEpoch: number;
  /** The camera took our sign-in, or asked for none. */
  onSignedIn(): void;
  onTracks(tracks: StreamTracks): void;
  onSample(sample: Sample): void;
}

/** How a run ended: by `stop()`, by a fault, or because no frame came. */
export type RunEnd =
  | { kind: 'stopped' }
  | { kind: 'failed'; error: GatewayError }
  | { kind: 'no-frames'; message: string };

/** One connection to one profile from connect to TEARDOWN; used once. */
export class StreamRun {
  readonly #options: StreamRunOptions;
  readonly #session: RtspSession;
  readonly #ended = Promise.withResolvers<RunEnd>();
  #receiver: MediaReceiver | undefined;
  #cancelWatch: CancelTimer | undefined;
  #lastFrameMs = 0;
  #frames = 0;

  constructor(options: StreamRunOptions) {
    this.#options = options;
    const { clock, guard, source } = options;
    this.#session = new RtspSession({
      clock,
      guard,
      url: source.url,
      credentials: { username: source.username, password: source.password },
      timeoutMs: options.connectTimeoutSec * 1000,
      sink: {
        onRtp: (track, buffer, start, end) => this.#receiver?.pushRtp(track, buffer, start, end),
        onRtcp: (track, buffer, start, end) => this.#receiver?.pushRtcp(track, buffer, start, end),
        onEnd: (error) => this.#ended.resolve({ kind: 'failed', error }),
      },
    });
  }

  /** Pulls until the end, which is told; the session is torn down by then. Never rejects. */
  async pull(): Promise<RunEnd> {
    this.#start().catch((error: unknown) => this.#ended.resolve({ kind: 'failed', error: asFault(error) }));
    const end = await this.#ended.promise;
    this.#cancelWatch?.();
    await this.#session.close();
    return end;
  }

  stop(): void {
    this.#ended.resolve({ kind: 'stopped' });
  }

  get counts(): RunCounts {
    return { bytes: this.#session.bytesReceived, lost: this.#receiver?.packetsLost ?? 0 };
  }

  get rttMs(): number | null {
    return this.#session.rttMs;
  }

  /** Frames handed on. */
  get frames(): number {
    return this.#frames;
  }

  async #start(): Promise<void> {
    const { clock, learnt, firstEpoch } = this.#options;
    const plan = await this.#session.open();
    this.#options.onSignedIn();
    this.#receiver = new MediaReceiver({
      clock,
      plan,
      learnt,
      firstEpoch,
      onTracks: (tracks) => this.#options.onTracks(tracks),
      onSample: (sample) => this.#onSample(sample),
      onFault: (message) =>
        this.#ended.resolve({
          kind: 'failed',
          error: new GatewayError('camera-protocol-error', message),
        }),
    });
    await this.#session.play(plan);
    this.#watchFrames();
  }

  #onSample(sample: Sample): void {
    if (sample.kind === 'video') {
      this.#lastFrameMs = this.#options.clock.monotonicMs();
      this.#frames += 1;
    }
    this.#options.onSample(sample);
  }

  #watchFrames(): void {
    const { clock, noFramesTimeoutSec } = this.#options;
    const startedMs = clock.monotonicMs();
    this.#cancelWatch = clock.every(1000, () => {
      const silentMs = clock.monotonicMs() - Math.max(startedMs, this.#lastFrameMs);
      if (silentMs < noFramesTimeoutSec * 1000) return;
      const packets = this.#frames === 0 ? 'has sent no picture since the start' : 'stopped sending pictures';
      this.#ended.resolve({
        kind: 'no-frames',
        message: `the camera is connected but ${packets} (${Math.round(silentMs / 1000)} s)`,
      });
    });
  }
}

function asFault(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError('internal', error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}
