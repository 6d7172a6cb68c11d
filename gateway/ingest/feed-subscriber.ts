import type { FeedFailure, FeedListener } from './feeds.ts';
import type { Sample, StreamTracks } from './media.ts';

/** One subscription: keeps the promised order of calls, and faults of its listener from reaching the stream. */
export class FeedSubscriber {
  readonly #listener: FeedListener;
  readonly #onFault: (error: unknown) => void;
  readonly lingerMs: number;
  #waitsForKey = true;
  #gone = false;

  constructor(listener: FeedListener, lingerMs: number, onFault: (error: unknown) => void) {
    this.#listener = listener;
    this.lingerMs = lingerMs;
    this.#onFault = onFault;
  }

  tracks(tracks: StreamTracks): void {
    this.#waitsForKey = true;
    this.#call(() => this.#listener.onTracks(tracks));
  }

  sample(sample: Sample): void {
    if (this.#waitsForKey) {
      if (sample.kind !== 'video' || !sample.key) return;
      this.#waitsForKey = false;
    }
    if (this.#gone) return;
    if (this.#listener.retainsMemory !== true) sample.memory?.abandon();
    try {
      this.#listener.onSample(sample);
    } catch (error) {
      this.#onFault(error);
    }
  }

  failure(failure: FeedFailure): void {
    this.#call(() => this.#listener.onFailure?.(failure));
  }

  /** No call follows. */
  leave(): void {
    this.#gone = true;
  }

  get gone(): boolean {
    return this.#gone;
  }

  #call(action: () => void): void {
    if (this.#gone) return;
    try {
      action();
    } catch (error) {
      this.#onFault(error);
    }
  }
}
