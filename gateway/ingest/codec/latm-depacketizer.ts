import { SAMPLE_HEADROOM } from '../media.ts';
import type { AacPayload } from './aac-depacketizer.ts';

const MAX_ELEMENT_BYTES = 64 * 1024;
const DAMAGED: AacPayload = { kind: 'damaged' };

/** Takes AAC frames out of RTP payloads of MP4A-LATM without configuration in the stream (RFC 6416 section 6); one for each stream. */
export class LatmDepacketizer {
  readonly #framesPerElement: number;
  #parts: Buffer[] = [];
  #partBytes = 0;

  constructor(framesPerElement: number) {
    this.#framesPerElement = framesPerElement;
  }

  /** Takes the payload `buffer[start…end)`; an element that is split ends with the packet that has the marker. */
  push(buffer: Buffer, start: number, end: number, marker: boolean): AacPayload {
    if (marker && this.#parts.length === 0) return this.#readElement(buffer, start, end);
    // A copy: packets are only valid during the call.
    this.#parts.push(Buffer.from(buffer.subarray(start, end)));
    this.#partBytes += end - start;
    if (this.#partBytes > MAX_ELEMENT_BYTES) {
      this.reset();
      return DAMAGED;
    }
    if (!marker) return { kind: 'partial' };
    const element = Buffer.concat(this.#parts);
    this.reset();
    return this.#readElement(element, 0, element.length);
  }

  /** Forgets an element that a lost packet cut. */
  reset(): void {
    this.#parts = [];
    this.#partBytes = 0;
  }

  /** AudioMuxElement(0), ISO/IEC 14496-3 table 1.41: each frame behind its length in bytes of 255 and a last one. */
  #readElement(buffer: Buffer, start: number, end: number): AacPayload {
    const frames: Buffer[] = [];
    let at = start;
    for (let index = 0; index < this.#framesPerElement; index += 1) {
      let size = 0;
      while (at < end && buffer[at] === 0xff) {
        size += 255;
        at += 1;
      }
      if (at >= end) return DAMAGED;
      size += buffer[at] ?? 0;
      at += 1;
      if (size === 0 || size > end - at) return DAMAGED;
      const frame = Buffer.allocUnsafeSlow(SAMPLE_HEADROOM + size);
      buffer.copy(frame, SAMPLE_HEADROOM, at, at + size);
      frames.push(frame.subarray(SAMPLE_HEADROOM));
      at += size;
    }
    return { kind: 'frames', frames };
  }
}
