import { FeedSubscriber } from './feed-subscriber.ts';
import type { FeedFailure, FeedListener } from './feeds.ts';
import { GopHold } from './gop-hold.ts';
import type { Sample, StreamTracks } from './media.ts';

/** All who want one stream, with what a newcomer is given at once: the tracks and the samples since the key frame. */
export class FeedAudience {
  readonly #hold = new GopHold();
  readonly #onFault: (error: unknown) => void;
  /** Replaced whole, so that who comes or goes during a call is neither skipped nor served twice. */
  #subscribers: readonly FeedSubscriber[] = [];
  #tracks: StreamTracks | null = null;

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  get size(): number {
    return this.#subscribers.length;
  }

  /** Tracks of the run in progress; null when none runs. */
  get current(): StreamTracks | null {
    return this.#tracks;
  }

  /** Adds a listener; what is held is delivered before this returns. */
  join(listener: FeedListener, lingerMs: number): FeedSubscriber {
    const subscriber = new FeedSubscriber(listener, lingerMs, this.#onFault);
    this.#subscribers = [...this.#subscribers, subscriber];
    if (this.#tracks) {
      subscriber.tracks(this.#tracks);
      for (const sample of this.#hold.samples) subscriber.sample(sample);
    }
    return subscriber;
  }

  leave(subscriber: FeedSubscriber): void {
    subscriber.leave();
    this.#subscribers = this.#subscribers.filter((other) => other !== subscriber);
  }

  tracks(tracks: StreamTracks): void {
    this.#tracks = tracks;
    this.#hold.clear();
    for (const subscriber of this.#subscribers) subscriber.tracks(tracks);
  }

  sample(sample: Sample): void {
    this.#hold.add(sample);
    for (const subscriber of this.#subscribers) subscriber.sample(sample);
  }

  failure(failure: FeedFailure): void {
    for (const subscriber of this.#subscribers) subscriber.failure(failure);
  }

  /** The run ended: nothing is held for newcomers any more. */
  endRun(): void {
    this.#tracks = null;
    this.#hold.clear();
  }

  /** Lets all go; none is called again. */
  dismiss(): void {
    for (const subscriber of this.#subscribers) subscriber.leave();
    this.#subscribers = [];
  }
}
