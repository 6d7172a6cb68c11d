import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { ErrorTally } from '../base/error-tally.ts';
import { messageOf } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import type { NetworkGuard } from '../base/network-guard.ts';
import type { ProfileName } from '../contract/camera.ts';
import { AuthGate } from './auth-gate.ts';
import { CameraStream } from './camera-stream.ts';
import type { FeedListener, Feeds, FeedStatus } from './feeds.ts';
import type { TransportChoice } from './rtsp/rtsp-session.ts';
import type { StreamSources } from './stream-sources.ts';

export interface StreamHubOptions {
  clock: Clock;
  logger: Logger;
  sources: StreamSources;
  guard: NetworkGuard;
  idleTimeoutSec: number;
  connectTimeoutSec: number;
  noFramesTimeoutSec: number;
  /** Absent: `auto`. */
  transport?: TransportChoice;
}

const PROFILES: readonly ProfileName[] = ['main', 'sub'];

/** How a stream stands that nobody has wanted yet. */
const IDLE: Omit<FeedStatus, 'cameraId' | 'profile'> = Object.freeze({
  state: 'idle',
  failure: null,
  tracks: null,
  measures: Object.freeze({
    fps: null,
    expectedFps: null,
    bitrateKbps: null,
    gopSec: null,
    lastFrameAtMs: null,
    rtpLost: 0,
    reconnects: 0,
    rttMs: null,
    bytesReceived: 0,
    framesReceived: 0,
    packetsReceived: 0,
    jitterMs: null,
    cameraAheadMs: null,
  }),
  subscribers: 0,
});

/** The streams of all cameras: makes a CameraStream for each profile when it is first wanted; lives as long as the gateway. */
export class StreamHub implements Feeds {
  readonly #options: StreamHubOptions;
  readonly #streams = new Map<string, CameraStream>();
  readonly #statuses: Emitter<FeedStatus>;
  readonly #gate: AuthGate;
  readonly #faults: ErrorTally;
  readonly #failures: ErrorTally;
  #stopped = false;

  constructor(options: StreamHubOptions) {
    const { clock, logger } = options;
    this.#options = options;
    this.#gate = new AuthGate(clock);
    this.#faults = new ErrorTally(clock, (stream, count, message) =>
      logger.error({ stream, count }, `a user of a stream failed: ${message}`),
    );
    this.#failures = new ErrorTally(clock, (stream, count, message) =>
      logger.warn({ stream, count }, `stream failed: ${message}`),
    );
    this.#statuses = new Emitter((error) => this.#faults.add('status', messageOf(error)));
  }

  start(): void {
    this.#stopped = false;
  }

  /** Ends all pulls; resolves when the cameras were told or a second went by. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#streams.values()].map((stream) => stream.stop()));
    this.#streams.clear();
    this.#faults.stop();
    this.#failures.stop();
  }

  /** The source of a camera changed or went: pulls that differ start anew. */
  refresh(cameraId: string): void {
    for (const profile of PROFILES) {
      const key = streamKey(cameraId, profile);
      const stream = this.#streams.get(key);
      stream
        ?.refresh()
        .then(() => {
          if (stream.unused) this.#streams.delete(key);
        })
        .catch((error: unknown) => this.#faults.add(key, messageOf(error)));
    }
  }

  subscribe(
    cameraId: string,
    profile: ProfileName,
    listener: FeedListener,
    options: { lingerMs?: number } = {},
  ): Unsubscribe {
    if (this.#stopped) return () => undefined;
    return this.#stream(cameraId, profile).subscribe(listener, options.lingerMs);
  }

  status(cameraId: string, profile: ProfileName): FeedStatus {
    return this.#streams.get(streamKey(cameraId, profile))?.status() ?? { cameraId, profile, ...IDLE };
  }

  onStatus(listener: (status: FeedStatus) => void): Unsubscribe {
    return this.#statuses.subscribe(listener);
  }

  #stream(cameraId: string, profile: ProfileName): CameraStream {
    const key = streamKey(cameraId, profile);
    const known = this.#streams.get(key);
    if (known) return known;
    const stream = this.#create(cameraId, profile);
    this.#streams.set(key, stream);
    return stream;
  }

  #create(cameraId: string, profile: ProfileName): CameraStream {
    const { clock, sources, guard, idleTimeoutSec, connectTimeoutSec, noFramesTimeoutSec } = this.#options;
    const { transport = 'auto' } = this.#options;
    const key = streamKey(cameraId, profile);
    return new CameraStream({
      clock,
      cameraId,
      profile,
      sources,
      guard,
      gate: this.#gate,
      idleTimeoutSec,
      connectTimeoutSec,
      noFramesTimeoutSec,
      transport,
      onStatus: (status) => {
        const { failure, state } = status;
        if (state === 'waiting' && failure) this.#failures.add(`${key} ${failure.code}`, failure.message);
        this.#statuses.emit(status);
      },
      onListenerFault: (error) => this.#faults.add(key, messageOf(error)),
    });
  }
}

function streamKey(cameraId: string, profile: ProfileName): string {
  return `${cameraId}/${profile}`;
}
