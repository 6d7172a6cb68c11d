import type { Chunk } from './live-run.ts';
import { Retained } from './retained.ts';

const MOST_BYTES = 32 * 1024 * 1024;

/** The chunks of a run since its last key frame, for viewers that join; nothing in a GOP that grew too large. */
export class HeldGop {
  readonly #memory = new Retained();
  #chunks: Chunk[] = [];
  #byteLength = 0;

  get chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  add(chunk: Chunk): void {
    if (chunk.key) this.clear();
    this.#byteLength += chunk.bytes.byteLength;
    if (this.#byteLength > MOST_BYTES) this.#forget();
    // Sound in front of the first key frame is of no use to those who join there.
    else if (chunk.key || this.#chunks.length > 0) {
      this.#chunks.push(chunk);
      this.#memory.add(chunk.memory);
    }
  }

  clear(): void {
    this.#forget();
    this.#byteLength = 0;
  }

  #forget(): void {
    this.#chunks = [];
    this.#memory.release();
  }
}
