import { randomBytes } from 'node:crypto';
import type { CancelTimer, Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { NetworkGuard } from '../base/network-guard.ts';
import type { RunCounts } from './feed-meter.ts';
import type { Sample, StreamTracks } from './media.ts';
import { MediaReceiver } from './media-receiver.ts';
import { writeReceiverReport } from './rtp/receiver-report.ts';
import { RtspSession } from './rtsp/rtsp-session.ts';
import type { TransportChoice } from './rtsp/rtsp-session.ts';
import type { StreamSource } from './stream-sources.ts';
import type { LearntStream } from './video-receiver.ts';

/** What is learnt of the way to a camera and holds for its next run too. */
export interface LearntPath {
  /** True once datagrams that were asked for did not come: TCP is tried first from then on. */
  udpSilent: boolean;
}

export interface StreamRunOptions {
  clock: Clock;
  guard: NetworkGuard;
  source: StreamSource;
  /** Where the camera sent the run before. */
  movedTo: string | undefined;
  connectTimeoutSec: number;
  noFramesTimeoutSec: number;
  transport: TransportChoice;
  learnt: LearntStream & LearntPath;
  firstEpoch: number;
  /** The camera took our sign-in, or asked for none. */
  onSignedIn(): void;
  onTracks(tracks: StreamTracks): void;
  onSample(sample: Sample): void;
}

/** How a run ended: by `stop()`, by a fault, because no frame came, or no datagram at all, or sent elsewhere by the camera. */
export type RunEnd =
  | { kind: 'stopped' }
  | { kind: 'udp-silent' }
  | { kind: 'moved'; url: string | undefined }
  | { kind: 'failed'; error: GatewayError }
  | { kind: 'no-frames'; message: string };

/** Datagrams that have not come within this time are kept off by something on the way. */
const UDP_SILENCE_MS = 3000;
/** The shortest interval that RFC 3550 section 6.2 recommends. */
const REPORT_INTERVAL_MS = 5000;
/** Our name in reports: one for all streams of this process (RFC 7022). */
const CNAME = randomBytes(12).toString('base64url');
const TRACKS = ['video', 'audio'] as const;

/** One connection to one profile from connect to TEARDOWN; used once. */
export class StreamRun {
  readonly #options: StreamRunOptions;
  readonly #session: RtspSession;
  readonly #ended = Promise.withResolvers<RunEnd>();
  #receiver: MediaReceiver | undefined;
  readonly #ssrcs = { video: randomBytes(4).readUInt32BE(), audio: randomBytes(4).readUInt32BE() };
  #cancelWatch: CancelTimer | undefined;
  #cancelReports: CancelTimer | undefined;
  #heardRtp = false;
  #lastFrameMs = 0;
  #frames = 0;

  constructor(options: StreamRunOptions) {
    this.#options = options;
    const { clock, guard, source, transport, learnt } = options;
    this.#session = new RtspSession({
      clock,
      guard,
      url: source.url,
      movedTo: options.movedTo,
      credentials: { username: source.username, password: source.password },
      timeoutMs: options.connectTimeoutSec * 1000,
      transport: transport === 'udp' && learnt.udpSilent ? 'auto' : transport,
      sink: {
        onRtp: (track, buffer, start, end) => {
          this.#heardRtp = true;
          this.#receiver?.pushRtp(track, buffer, start, end);
        },
        onRtcp: (track, buffer, start, end) => this.#receiver?.pushRtcp(track, buffer, start, end),
        onEnd: (error) => this.#ended.resolve({ kind: 'failed', error }),
        onRedirect: (url) => this.#ended.resolve({ kind: 'moved', url: url ?? undefined }),
      },
    });
  }

  /** Pulls until the end, which is told; the session is torn down by then. Never rejects. */
  async pull(): Promise<RunEnd> {
    this.#start().catch((error: unknown) => this.#ended.resolve({ kind: 'failed', error: asFault(error) }));
    const end = await this.#ended.promise;
    this.#cancelWatch?.();
    this.#cancelReports?.();
    await this.#session.close();
    this.#receiver?.close();
    return end;
  }

  stop(): void {
    this.#ended.resolve({ kind: 'stopped' });
  }

  get counts(): RunCounts {
    const receiver = this.#receiver;
    return {
      bytes: this.#session.bytesReceived,
      lost: receiver?.packetsLost ?? 0,
      packets: receiver?.packetsReceived ?? 0,
      jitterMs: receiver?.jitterMs ?? null,
      cameraAheadMs: receiver?.cameraAheadMs ?? null,
    };
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
    this.#cancelReports = clock.every(REPORT_INTERVAL_MS, () => this.#report());
  }

  /** Tells the camera how its packets arrive; it may adapt to that, and some end a stream that nobody reports on. */
  #report(): void {
    for (const track of TRACKS) {
      const block = this.#receiver?.receptionOf(track);
      const reporter = { ssrc: this.#ssrcs[track], cname: CNAME };
      if (block) this.#session.sendRtcp(track, writeReceiverReport(reporter, block));
    }
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
      if (silentMs >= UDP_SILENCE_MS && this.#shouldLeaveUdp()) this.#ended.resolve({ kind: 'udp-silent' });
      if (silentMs < noFramesTimeoutSec * 1000) return;
      this.#ended.resolve({ kind: 'no-frames', message: this.#silence(silentMs) });
    });
  }

  #shouldLeaveUdp(): boolean {
    const { transport, learnt } = this.#options;
    return transport === 'udp' && !learnt.udpSilent && this.#session.transport === 'udp' && !this.#heardRtp;
  }

  #silence(silentMs: number): string {
    const what = this.#frames === 0 ? 'has sent no picture since the start' : 'stopped sending pictures';
    const blocked = this.#session.transport === 'udp' && !this.#heardRtp;
    const hint = blocked ? '; no UDP packet came: a firewall may keep them off' : '';
    return `the camera is connected but ${what} (${Math.round(silentMs / 1000)} s)${hint}`;
  }
}

function asFault(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  return new GatewayError('internal', error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}
