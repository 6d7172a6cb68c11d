import type { MediaMemory } from './media-memory.ts';

/** Slabs of this size serve all streams but for access units that do not fit. */
const SLAB_BYTES = 256 * 1024;
/** Larger ones come in doubled sizes up to this; beyond it memory is not used again. */
const MOST_SLAB_BYTES = 4 * 1024 * 1024;
/** Free memory kept for the next slabs; what goes beyond is left to the garbage collector. */
const MOST_FREE_BYTES = 32 * 1024 * 1024;

/** One piece of a stream's memory; belongs to its writer first, then to all who retain samples in it. */
export class Slab implements MediaMemory {
  readonly bytes: Buffer;
  readonly #onFree: ((slab: Slab) => void) | undefined;
  /** Its writer counts as one. */
  #holders = 1;
  #abandoned = false;

  constructor(bytes: Buffer, onFree?: (slab: Slab) => void) {
    this.bytes = bytes;
    this.#onFree = onFree;
  }

  retain(): void {
    this.#holders += 1;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0 && !this.#abandoned) this.#onFree?.(this);
  }

  abandon(): void {
    this.#abandoned = true;
  }
}

/**
 * Memory for the samples of all streams, used again as soon as its last holder lets go: V8 counts memory outside the heap
 * towards a limit at which it marks the whole heap, which took a third of all time with fresh memory for each sample.
 */
export class SlabPool {
  readonly #free = new Map<number, Buffer[]>();
  #freeBytes = 0;

  /** A slab of at least so many bytes that belongs to the caller. */
  take(leastBytes: number): Slab {
    const size = sizeFor(leastBytes);
    if (size === undefined) return new Slab(Buffer.allocUnsafeSlow(leastBytes));
    const bytes = this.#free.get(size)?.pop();
    if (bytes) this.#freeBytes -= size;
    return new Slab(bytes ?? Buffer.allocUnsafeSlow(size), (slab) => this.#giveBack(slab.bytes));
  }

  /** Bytes that wait for their next use. */
  get freeBytes(): number {
    return this.#freeBytes;
  }

  #giveBack(bytes: Buffer): void {
    const size = bytes.byteLength;
    if (this.#freeBytes + size > MOST_FREE_BYTES) return;
    this.#freeBytes += size;
    const list = this.#free.get(size);
    if (list) list.push(bytes);
    else this.#free.set(size, [bytes]);
  }
}

/** The one pool of the process. */
export const sharedSlabs = new SlabPool();

function sizeFor(leastBytes: number): number | undefined {
  let size = SLAB_BYTES;
  while (size < leastBytes) size *= 2;
  return size <= MOST_SLAB_BYTES ? size : undefined;
}
