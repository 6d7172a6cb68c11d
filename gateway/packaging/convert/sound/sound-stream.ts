import type { CancelTimer, Clock } from '../../../base/clock.ts';
import type { Unsubscribe } from '../../../base/emitter.ts';
import { messageOf } from '../../../base/gateway-error.ts';
import type { ProfileName } from '../../../contract/camera.ts';
import { FeedAudience } from '../../../ingest/feed-audience.ts';
import type { FeedFailure, FeedListener, Feeds } from '../../../ingest/feeds.ts';
import type { Sample, StreamTracks } from '../../../ingest/media.ts';
import { SoundConversion } from './sound-conversion.ts';

export interface SoundStreamOptions {
  clock: Clock;
  feeds: Pick<Feeds, 'subscribe'>;
  cameraId: string;
  profile: ProfileName;
  program: () => Promise<{ path: string }>;
  idleTimeoutSec: number;
  /** Takes a place for an FFmpeg; false when there is none: the picture comes without sound. */
  enter: () => boolean;
  leave: () => void;
  /** Nobody has wanted it for the idle time. */
  onIdle: () => void;
  onFault: (why: string) => void;
}

/**
 * One camera's stream with sound that browsers play: pictures pass through untouched and at once, sound other than AAC
 * through one FFmpeg, however many listen. From the first listener until idle.
 */
export class SoundStream implements FeedListener {
  /** Samples are only kept by the audience, which says so. */
  readonly retainsMemory = true;
  readonly #options: SoundStreamOptions;
  readonly #audience: FeedAudience;
  #leaveSource: Unsubscribe | undefined;
  #source: StreamTracks | null = null;
  #failure: FeedFailure | null = null;
  #conversion: SoundConversion | null = null;
  #cancelIdle: CancelTimer | undefined;
  #stopping: Promise<void> = Promise.resolve();

  constructor(options: SoundStreamOptions) {
    this.#options = options;
    this.#audience = new FeedAudience((error) => options.onFault(messageOf(error)));
  }

  /** Wants the stream; what is held is delivered before this returns, the source's held samples too. */
  subscribe(listener: FeedListener, lingerMs = this.#options.idleTimeoutSec * 1000): Unsubscribe {
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    const subscriber = this.#audience.join(listener, lingerMs);
    const failure = this.#failure;
    if (failure) queueMicrotask(() => subscriber.failure(failure));
    const { feeds, cameraId, profile } = this.#options;
    // It lingers here, with what was converted.
    this.#leaveSource ??= feeds.subscribe(cameraId, profile, this, { lingerMs: 0 });
    return () => {
      if (subscriber.gone) return;
      this.#audience.leave(subscriber);
      if (this.#audience.size === 0) this.#waitIdle(lingerMs);
    };
  }

  /** Ends it for good; resolves when its FFmpeg is gone. */
  stop(): Promise<void> {
    this.#audience.dismiss();
    this.#audience.endRun();
    this.#cancelIdle?.();
    this.#leaveSource?.();
    this.#endConversion();
    return this.#stopping;
  }

  onTracks(tracks: StreamTracks): void {
    this.#failure = null;
    this.#source = tracks;
    this.#endConversion();
    const { otherSound, ...others } = tracks;
    if (!otherSound || !this.#options.enter()) return this.#audience.tracks({ ...others });
    const conversion = new SoundConversion({
      ...this.#options,
      source: otherSound,
      epoch: tracks.epoch,
      onSample: (sample) => this.#audience.sample(sample),
      onGiveUp: () => this.#giveUp(conversion),
    });
    this.#conversion = conversion;
    this.#audience.tracks({ ...others, audio: conversion.track });
  }

  onSample(sample: Sample): void {
    const isOther = sample.kind === 'audio' && this.#source?.otherSound !== undefined;
    if (!isOther) this.#audience.sample(sample);
    this.#conversion?.sample(sample);
  }

  onFailure(failure: FeedFailure): void {
    this.#failure = failure;
    this.#endConversion();
    this.#audience.endRun();
    this.#audience.failure(failure);
  }

  /** The same pictures, announced without sound: a new run begins at the next key frame. */
  #giveUp(conversion: SoundConversion): void {
    if (conversion !== this.#conversion || !this.#source) return;
    this.#endConversion();
    const { otherSound: _, ...others } = this.#source;
    this.#audience.tracks(others);
  }

  #waitIdle(lingerMs: number): void {
    const { clock, onIdle } = this.#options;
    const end = (): void => {
      void this.stop();
      onIdle();
    };
    this.#cancelIdle?.();
    if (lingerMs <= 0) end();
    else this.#cancelIdle = clock.after(lingerMs, end);
  }

  #endConversion(): void {
    const conversion = this.#conversion;
    if (!conversion) return;
    this.#conversion = null;
    this.#options.leave();
    this.#stopping = Promise.all([this.#stopping, conversion.stop()]).then(() => undefined);
  }
}
