import { SAMPLE_HEADROOM } from '../media.ts';

/** Field lengths of the AU headers, RFC 3640 section 4.1: AAC-hbr 13/3/3, AAC-lbr 6/2/2. */
export interface AuHeaderLayout {
  sizeLength: number;
  indexLength: number;
  indexDeltaLength: number;
}

/** Outcome for one payload: whole frames with headroom in front, or why there are none. */
export type AacPayload =
  | { kind: 'frames'; frames: Buffer[] }
  /** A part of a frame that goes on in the next packet. */
  | { kind: 'partial' }
  | { kind: 'damaged' };

const MAX_FRAME_BYTES = 64 * 1024;
const DAMAGED: AacPayload = { kind: 'damaged' };
const PARTIAL: AacPayload = { kind: 'partial' };

/** Layout from a=fmtp; undefined when it has no sizes (RFC 3640 wants sizelength or constantsize). */
export function readAuHeaderLayout(parameters: ReadonlyMap<string, string>): AuHeaderLayout | undefined {
  const field = (name: string): number => Number.parseInt(parameters.get(name) ?? '0', 10) || 0;
  const layout = {
    sizeLength: field('sizelength'),
    indexLength: field('indexlength'),
    indexDeltaLength: field('indexdeltalength'),
  };
  const fits = layout.sizeLength >= 1 && layout.sizeLength <= 16;
  return fits && layout.indexLength <= 16 && layout.indexDeltaLength <= 16 ? layout : undefined;
}

/** Takes AAC frames out of RTP payloads (RFC 3640 section 3.2), joining those that are split; one for each stream. */
export class AacDepacketizer {
  readonly #layout: AuHeaderLayout;
  #partial: { frame: Buffer; filled: number } | undefined;

  constructor(layout: AuHeaderLayout) {
    this.#layout = layout;
  }

  /** Takes the payload `buffer[start…end)`. */
  push(buffer: Buffer, start: number, end: number): AacPayload {
    if (end - start < 2) return this.#damaged();
    const headerBits = buffer.readUInt16BE(start);
    const sizes = this.#readSizes(buffer, start + 2, end, headerBits);
    if (!sizes) return this.#damaged();
    const dataStart = start + 2 + Math.ceil(headerBits / 8);
    const [first = 0] = sizes;
    if (this.#partial || (sizes.length === 1 && first > end - dataStart)) {
      return this.#takePart(buffer, dataStart, end, first);
    }
    return takeWhole(buffer, dataStart, end, sizes);
  }

  /** Forgets a frame that a lost packet cut. */
  reset(): void {
    this.#partial = undefined;
  }

  #readSizes(buffer: Buffer, start: number, end: number, headerBits: number): number[] | undefined {
    const { sizeLength, indexLength, indexDeltaLength } = this.#layout;
    if (start + Math.ceil(headerBits / 8) > end) return undefined;
    const sizes: number[] = [];
    let bit = 0;
    while (bit + sizeLength <= headerBits) {
      sizes.push(readBits(buffer, start * 8 + bit, sizeLength));
      bit += sizeLength + (sizes.length === 1 ? indexLength : indexDeltaLength);
    }
    return sizes.length > 0 ? sizes : undefined;
  }

  #takePart(buffer: Buffer, start: number, end: number, size: number): AacPayload {
    if (!this.#partial) {
      if (size > MAX_FRAME_BYTES) return DAMAGED;
      this.#partial = { frame: Buffer.allocUnsafeSlow(SAMPLE_HEADROOM + size), filled: SAMPLE_HEADROOM };
    }
    const { frame } = this.#partial;
    if (frame.length - SAMPLE_HEADROOM !== size || end - start > frame.length - this.#partial.filled) {
      return this.#damaged();
    }
    this.#partial.filled += buffer.copy(frame, this.#partial.filled, start, end);
    if (this.#partial.filled < frame.length) return PARTIAL;
    this.#partial = undefined;
    return { kind: 'frames', frames: [frame.subarray(SAMPLE_HEADROOM)] };
  }

  #damaged(): AacPayload {
    this.#partial = undefined;
    return DAMAGED;
  }
}

function takeWhole(buffer: Buffer, start: number, end: number, sizes: readonly number[]): AacPayload {
  const frames: Buffer[] = [];
  let at = start;
  for (const size of sizes) {
    if (size === 0 || size > end - at) return DAMAGED;
    const frame = Buffer.allocUnsafe(SAMPLE_HEADROOM + size);
    buffer.copy(frame, SAMPLE_HEADROOM, at, at + size);
    frames.push(frame.subarray(SAMPLE_HEADROOM));
    at += size;
  }
  return { kind: 'frames', frames };
}

function readBits(buffer: Buffer, position: number, count: number): number {
  let value = 0;
  for (let bit = position; bit < position + count; bit += 1) {
    value = (value << 1) | (((buffer[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
  }
  return value;
}
