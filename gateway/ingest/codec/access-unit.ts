import { SAMPLE_HEADROOM } from '../media.ts';

/** One NAL unit of the access unit in the making, as views on the chunks it came in. */
export interface NalRange {
  type: number;
  /** Header bytes that were rebuilt from a fragment’s (0, 1 or 2) and stand before the views. */
  headerBytes: number;
  header: number;
  /** Bytes of header and views. */
  size: number;
  /** First and one past the last view. */
  firstView: number;
  endView: number;
}

const LENGTH_BYTES = 4;

/**
 * Collects the NAL units of one access unit as views on network chunks, then writes them once into the sample that is
 * handed on. Reused for all access units of a stream.
 */
export class AccessUnit {
  readonly nals: NalRange[] = [];
  readonly #buffers: Buffer[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #open: NalRange | undefined;
  #byteLength = 0;

  get byteLength(): number {
    return this.#byteLength;
  }

  get empty(): boolean {
    return this.nals.length === 0;
  }

  /** True while a fragmented NAL unit waits for its end. */
  get fragmentOpen(): boolean {
    return this.#open !== undefined;
  }

  addNal(type: number, buffer: Buffer, start: number, end: number): void {
    this.#open = this.#begin(type, 0, 0);
    this.#append(buffer, start, end);
    this.#open = undefined;
  }

  beginFragments(type: number, headerBytes: number, header: number): void {
    this.#open = this.#begin(type, headerBytes, header);
  }

  appendFragment(buffer: Buffer, start: number, end: number): void {
    this.#append(buffer, start, end);
  }

  endFragments(): void {
    this.#open = undefined;
  }

  reset(): void {
    this.nals.length = 0;
    this.#buffers.length = 0;
    this.#starts.length = 0;
    this.#ends.length = 0;
    this.#open = undefined;
    this.#byteLength = 0;
  }

  /** The byte of a NAL unit at `offset` (0 is its first header byte); 0 past its end. */
  byteAt(nal: NalRange, offset: number): number {
    if (offset < nal.headerBytes) return (nal.header >> (8 * (nal.headerBytes - 1 - offset))) & 0xff;
    let left = offset - nal.headerBytes;
    for (let view = nal.firstView; view < nal.endView; view += 1) {
      const start = this.#starts[view] ?? 0;
      const length = (this.#ends[view] ?? 0) - start;
      if (left < length) return this.#buffers[view]?.[start + left] ?? 0;
      left -= length;
    }
    return 0;
  }

  /** A NAL unit’s own bytes; for small ones such as parameter sets. */
  copyNal(nal: NalRange): Uint8Array {
    const bytes = Buffer.alloc(nal.size);
    this.#write(nal, bytes, 0);
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The NAL units that `keeps` lets through, each behind its 4-byte length, with SAMPLE_HEADROOM free bytes in front. */
  build(keeps: (type: number) => boolean): Buffer {
    let size = 0;
    for (const nal of this.nals) if (keeps(nal.type)) size += LENGTH_BYTES + nal.size;
    const whole = Buffer.allocUnsafeSlow(SAMPLE_HEADROOM + size);
    let at = SAMPLE_HEADROOM;
    for (const nal of this.nals) {
      if (!keeps(nal.type)) continue;
      whole.writeUInt32BE(nal.size, at);
      at = this.#write(nal, whole, at + LENGTH_BYTES);
    }
    return whole.subarray(SAMPLE_HEADROOM);
  }

  #begin(type: number, headerBytes: number, header: number): NalRange {
    const view = this.#buffers.length;
    const nal = { type, headerBytes, header, size: headerBytes, firstView: view, endView: view };
    this.nals.push(nal);
    this.#byteLength += headerBytes;
    return nal;
  }

  #append(buffer: Buffer, start: number, end: number): void {
    const nal = this.#open;
    if (!nal || end <= start) return;
    this.#buffers.push(buffer);
    this.#starts.push(start);
    this.#ends.push(end);
    nal.endView = this.#buffers.length;
    nal.size += end - start;
    this.#byteLength += end - start;
  }

  #write(nal: NalRange, target: Buffer, from: number): number {
    let at = from;
    for (let index = nal.headerBytes - 1; index >= 0; index -= 1) {
      target[at] = (nal.header >> (8 * index)) & 0xff;
      at += 1;
    }
    for (let view = nal.firstView; view < nal.endView; view += 1) {
      at += this.#buffers[view]?.copy(target, at, this.#starts[view], this.#ends[view]) ?? 0;
    }
    return at;
  }
}
