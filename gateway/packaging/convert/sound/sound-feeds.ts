import type { Clock } from '../../../base/clock.ts';
import type { Unsubscribe } from '../../../base/emitter.ts';
import { ErrorTally } from '../../../base/error-tally.ts';
import type { Logger } from '../../../base/logger.ts';
import type { ProfileName } from '../../../contract/camera.ts';
import type { FeedListener, FeedStatus } from '../../../ingest/feeds.ts';
import type { LiveFeeds } from '../converted-feeds.ts';
import { SoundStream } from './sound-stream.ts';

interface SoundFeedsOptions {
  clock: Clock;
  logger: Logger;
  feeds: LiveFeeds;
  /** Where FFmpeg is; asked when a conversion begins. */
  program: () => Promise<{ path: string }>;
  /** Streams whose sound is converted at once. */
  maxConcurrent: number;
  idleTimeoutSec: number;
}

/** The cameras' streams with AAC sound or none; lives as long as the gateway. */
export class SoundFeeds implements LiveFeeds {
  readonly #options: SoundFeedsOptions;
  readonly #streams = new Map<string, SoundStream>();
  readonly #faults: ErrorTally;
  /** FFmpegs of streams that were let go and are not gone yet. */
  readonly #ending = new Set<Promise<void>>();
  #converting = 0;
  #stopped = false;

  constructor(options: SoundFeedsOptions) {
    const { clock, logger } = options;
    this.#options = options;
    this.#faults = new ErrorTally(clock, (stream, count, message) =>
      logger.warn({ stream, count }, `conversion of sound: ${message}`),
    );
  }

  /** Kills every FFmpeg; resolves when they are gone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const key of this.#streams.keys()) this.#drop(key);
    await Promise.all(this.#ending);
    this.#faults.stop();
  }

  subscribe(
    cameraId: string,
    profile: ProfileName,
    listener: FeedListener,
    options?: { lingerMs?: number },
  ): Unsubscribe {
    if (this.#stopped) return () => undefined;
    return this.#stream(cameraId, profile).subscribe(listener, options?.lingerMs);
  }

  /** As the camera's own stream stands. */
  status(cameraId: string, profile: ProfileName): FeedStatus {
    return this.#options.feeds.status(cameraId, profile);
  }

  /** Streams whose sound is converted now. */
  get converting(): number {
    return this.#converting;
  }

  #stream(cameraId: string, profile: ProfileName): SoundStream {
    const key = `${cameraId}/${profile}`;
    const known = this.#streams.get(key);
    if (known) return known;
    const stream = new SoundStream({
      ...this.#options,
      cameraId,
      profile,
      enter: () => this.#enter(key),
      leave: () => {
        this.#converting -= 1;
      },
      onIdle: () => this.#drop(key),
      onFault: (why) => this.#faults.add(key, why),
    });
    this.#streams.set(key, stream);
    return stream;
  }

  #enter(key: string): boolean {
    const { maxConcurrent } = this.#options;
    if (this.#converting < maxConcurrent) {
      this.#converting += 1;
      return true;
    }
    this.#faults.add(
      key,
      `the sound of ${maxConcurrent} streams is converted already, this one is shown without; raise transcode.maxConcurrentSound`,
    );
    return false;
  }

  #drop(key: string): void {
    const stream = this.#streams.get(key);
    if (!stream) return;
    this.#streams.delete(key);
    const gone = stream.stop().finally(() => this.#ending.delete(gone));
    this.#ending.add(gone);
  }
}
