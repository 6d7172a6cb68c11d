import type { Sample } from './media.ts';

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_MS = 20_000;

/** Keeps the samples since the last key frame, so that a new viewer starts at once; bounded in bytes and time. */
export class GopHold {
  readonly #samples: Sample[] = [];
  #bytes = 0;

  add(sample: Sample): void {
    if (sample.kind === 'video' && sample.key) this.clear();
    else if (this.#samples.length === 0) return;
    sample.memory?.retain();
    this.#samples.push(sample);
    this.#bytes += sample.data.length;
    const startedMs = this.#samples[0]?.receivedAtMs ?? sample.receivedAtMs;
    // A GOP longer than this (smart codec) is not worth its memory: the next viewer waits for a key frame.
    if (this.#bytes > MAX_BYTES || sample.receivedAtMs - startedMs > MAX_MS) this.clear();
  }

  clear(): void {
    for (const { memory } of this.#samples) memory?.release();
    this.#samples.length = 0;
    this.#bytes = 0;
  }

  /** Samples from the key frame on, in order; empty when none is held. */
  get samples(): readonly Sample[] {
    return this.#samples;
  }
}
