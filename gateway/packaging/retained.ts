import type { MediaMemory } from '../ingest/media-memory.ts';

/** The memory that a growing list of chunks lies in, retained until `release`; a slab that several share is retained once. */
export class Retained {
  #memories: MediaMemory[] = [];

  add(memory: MediaMemory | undefined): void {
    if (!memory || memory === this.#memories.at(-1)) return;
    memory.retain();
    this.#memories.push(memory);
  }

  /** Retains what another retains. */
  addAll(other: Retained): void {
    for (const memory of other.#memories) this.add(memory);
  }

  /** Lets go of all; does nothing when called again. */
  release(): void {
    const memories = this.#memories;
    this.#memories = [];
    for (const memory of memories) memory.release();
  }
}
