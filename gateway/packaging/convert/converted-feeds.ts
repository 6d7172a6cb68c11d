import type { Clock } from '../../base/clock.ts';
import type { Unsubscribe } from '../../base/emitter.ts';
import { ErrorTally } from '../../base/error-tally.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import type { Logger } from '../../base/logger.ts';
import type { ProfileName } from '../../contract/camera.ts';
import type { ConversionKind } from '../../ffmpeg/h264-plan.ts';
import type { FeedListener, Feeds, FeedStatus } from '../../ingest/feeds.ts';
import { ConvertedStream } from './converted-stream.ts';

/** What packagers need of a feed, the camera's own or a converted one. */
export type LiveFeeds = Pick<Feeds, 'subscribe' | 'status'>;

interface ConvertedFeedsOptions {
  clock: Clock;
  logger: Logger;
  feeds: LiveFeeds;
  /** Where FFmpeg is; asked when a conversion begins. */
  program: () => Promise<{ path: string }>;
  maxConcurrent: number;
  /** How long a conversion goes on without a listener. */
  idleTimeoutSec: number;
}

const RETRY_AFTER_SEC = 15;

/** The cameras' streams as H.264, whole or `low`, one FFmpeg for each in use however many listeners; lives as long as the gateway. */
export class ConvertedFeeds implements LiveFeeds {
  readonly #options: ConvertedFeedsOptions;
  readonly #streams = new Map<string, ConvertedStream>();
  readonly #faults: ErrorTally;
  /** FFmpegs of streams that were let go and are not gone yet. */
  readonly #ending = new Set<Promise<void>>();
  #stopped = false;

  constructor(options: ConvertedFeedsOptions) {
    const { clock, logger } = options;
    this.#options = options;
    this.#faults = new ErrorTally(clock, (stream, count, message) =>
      logger.warn({ stream, count }, `conversion to H.264 failed: ${message}`),
    );
  }

  /** Kills every FFmpeg; resolves when they are gone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const key of this.#streams.keys()) this.#drop(key);
    await Promise.all(this.#ending);
    this.#faults.stop();
  }

  /** True when a further camera would be turned away. */
  get full(): boolean {
    const watched = [...this.#streams.values()].filter(({ subscribers }) => subscribers > 0);
    return watched.length >= this.#options.maxConcurrent;
  }

  /** Wants the profile as H.264. Throws `transcoder-busy` (details: retryAfterSec) when all places are taken. */
  subscribe(cameraId: string, profile: ProfileName, listener: FeedListener): Unsubscribe {
    if (this.#stopped) return () => undefined;
    return this.#stream(cameraId, profile, 'h264').subscribe(listener);
  }

  status(cameraId: string, profile: ProfileName): FeedStatus {
    return this.#status(cameraId, profile, 'h264');
  }

  /** The same, small. */
  get low(): LiveFeeds {
    return {
      subscribe: (cameraId, profile, listener) =>
        this.#stopped ? () => undefined : this.#stream(cameraId, profile, 'low').subscribe(listener),
      status: (cameraId, profile) => this.#status(cameraId, profile, 'low'),
    };
  }

  #status(cameraId: string, profile: ProfileName, kind: ConversionKind): FeedStatus {
    const source = this.#options.feeds.status(cameraId, profile);
    const idle = { ...source, state: 'idle', failure: null, tracks: null, subscribers: 0 } as const;
    return this.#streams.get(keyOf(cameraId, profile, kind))?.status() ?? idle;
  }

  #stream(cameraId: string, profile: ProfileName, kind: ConversionKind): ConvertedStream {
    const key = keyOf(cameraId, profile, kind);
    const known = this.#streams.get(key);
    if (known) return known;
    this.#makeRoom();
    const stream = new ConvertedStream({
      ...this.#options,
      cameraId,
      profile,
      kind,
      onIdle: () => this.#drop(key),
      onFault: (message) => this.#faults.add(key, message),
    });
    this.#streams.set(key, stream);
    stream.start();
    return stream;
  }

  /** Lets go the conversion that has gone on without listeners for longest, if a place is needed. */
  #makeRoom(): void {
    const { maxConcurrent } = this.#options;
    for (const [key, { subscribers }] of this.#streams) {
      if (this.#streams.size < maxConcurrent) return;
      if (subscribers === 0) this.#drop(key);
    }
    if (this.#streams.size < maxConcurrent) return;
    const places =
      maxConcurrent === 1
        ? 'the one permitted conversion is'
        : `all ${maxConcurrent} permitted conversions are`;
    throw new GatewayError(
      'transcoder-busy',
      `${places} in use for other cameras; watch another stream of this camera, use a browser that plays H.265, try again in a moment, or raise transcode.maxConcurrent`,
      { details: { retryAfterSec: RETRY_AFTER_SEC } },
    );
  }

  #drop(key: string): void {
    const stream = this.#streams.get(key);
    if (!stream) return;
    this.#streams.delete(key);
    const gone = stream.stop().finally(() => this.#ending.delete(gone));
    this.#ending.add(gone);
  }
}

function keyOf(cameraId: string, profile: ProfileName, kind: ConversionKind): string {
  return `${cameraId}/${profile}/${kind}`;
}
