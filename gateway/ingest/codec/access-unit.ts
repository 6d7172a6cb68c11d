import type { MediaMemory } from '../media-memory.ts';
import { SAMPLE_HEADROOM } from '../media.ts';
import { sharedSlabs, Slab } from '../slab-pool.ts';
import type { SlabPool } from '../slab-pool.ts';

/** One NAL unit of the access unit in the making. */
export interface NalRange {
  type: number;
  /** Place of its first byte, counted from the access unit's start. */
  start: number;
  size: number;
}

const LENGTH_BYTES = 4;
/** An access unit that outgrows its place moves to one this much larger. */
const GROWTH = 1.5;

/**
 * Collects the NAL units of one access unit, each behind its 4-byte length, at the place where the sample that is handed
 * on will lie: the media is copied once, out of the network's buffer. Samples lie one behind the other in slabs. Reused
 * for all access units of a stream.
 */
export class AccessUnit {
  readonly nals: NalRange[] = [];
  readonly #pool: SlabPool;
  #memory = new Slab(Buffer.alloc(0));
  #slab = this.#memory.bytes;
  /** Where the access unit in the making begins in the slab; the headroom in front of it is free. */
  #from = 0;
  #length = 0;
  #open: NalRange | undefined;

  constructor(pool: SlabPool = sharedSlabs) {
    this.#pool = pool;
  }

  get byteLength(): number {
    return this.#length;
  }

  get empty(): boolean {
    return this.nals.length === 0;
  }

  /** True while a fragmented NAL unit waits for its end. */
  get fragmentOpen(): boolean {
    return this.#open !== undefined;
  }

  addNal(type: number, buffer: Buffer, start: number, end: number): void {
    this.#append(this.#begin(type), buffer, start, end);
  }

  /** Begins a NAL unit whose header of `headerBytes` (1 or 2) was rebuilt from a fragment's. */
  beginFragments(type: number, headerBytes: number, header: number): void {
    const nal = this.#begin(type);
    this.#makeRoom(headerBytes);
    this.#slab.writeUIntBE(header, this.#from + this.#length, headerBytes);
    this.#length += headerBytes;
    nal.size = headerBytes;
    this.#open = nal;
  }

  appendFragment(buffer: Buffer, start: number, end: number): void {
    if (this.#open) this.#append(this.#open, buffer, start, end);
  }

  endFragments(): void {
    this.#open = undefined;
  }

  /** Where what `build` gives lies: retained by the writer only as long as it writes there. */
  get memory(): MediaMemory {
    return this.#memory;
  }

  /** Lets go of the memory; nothing can be added any more. */
  close(): void {
    this.reset();
    this.#moveTo(new Slab(Buffer.alloc(0)));
  }

  reset(): void {
    this.nals.length = 0;
    this.#length = 0;
    this.#open = undefined;
  }

  /** The byte of a NAL unit at `offset` (0 is its first header byte); 0 past its end. */
  byteAt(nal: NalRange, offset: number): number {
    return offset < nal.size ? (this.#slab[this.#from + nal.start + offset] ?? 0) : 0;
  }

  /** A NAL unit's own bytes; for small ones such as parameter sets. */
  copyNal(nal: NalRange): Uint8Array {
    const start = this.#from + nal.start;
    return Uint8Array.from(this.#slab.subarray(start, start + nal.size));
  }

  /** The NAL units that `keeps` lets through, each behind its 4-byte length, with SAMPLE_HEADROOM free bytes in front; empties it. */
  build(keeps: (type: number) => boolean): Buffer {
    const slab = this.#slab;
    const first = this.nals.find((nal) => keeps(nal.type));
    const begin = this.#from + (first ? first.start - LENGTH_BYTES : 0);
    let at = begin;
    for (const nal of this.nals) {
      if (!keeps(nal.type)) continue;
      const start = this.#from + nal.start;
      if (start !== at + LENGTH_BYTES) slab.copyWithin(at + LENGTH_BYTES, start, start + nal.size);
      slab.writeUInt32BE(nal.size, at);
      at += LENGTH_BYTES + nal.size;
    }
    this.#from = at + SAMPLE_HEADROOM;
    this.reset();
    return slab.subarray(begin, at);
  }

  #begin(type: number): NalRange {
    this.#makeRoom(LENGTH_BYTES);
    this.#length += LENGTH_BYTES;
    const nal = { type, start: this.#length, size: 0 };
    this.nals.push(nal);
    return nal;
  }

  #append(nal: NalRange, buffer: Buffer, start: number, end: number): void {
    if (end <= start) return;
    this.#makeRoom(end - start);
    buffer.copy(this.#slab, this.#from + this.#length, start, end);
    nal.size += end - start;
    this.#length += end - start;
  }

  /** Moves the access unit in the making to a new slab when so many bytes more do not fit. */
  #makeRoom(bytes: number): void {
    const length = this.#length + bytes;
    if (this.#from + length <= this.#slab.length) return;
    const memory = this.#pool.take(SAMPLE_HEADROOM + Math.ceil(length * GROWTH));
    // With nothing in the making, the place for it may lie past the end of the old slab.
    if (this.#length > 0)
      this.#slab.copy(memory.bytes, SAMPLE_HEADROOM, this.#from, this.#from + this.#length);
    this.#moveTo(memory);
  }

  #moveTo(memory: Slab): void {
    const before = this.#memory;
    this.#memory = memory;
    this.#slab = memory.bytes;
    this.#from = SAMPLE_HEADROOM;
    before.release();
  }
}
