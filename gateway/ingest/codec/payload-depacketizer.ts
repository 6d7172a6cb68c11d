import { SAMPLE_HEADROOM } from '../media.ts';
import type { AacPayload } from './aac-depacketizer.ts';

const MAX_PAYLOAD_BYTES = 64 * 1024;
const DAMAGED: AacPayload = { kind: 'damaged' };

/** Hands on payloads as they are, each one frame: PCM, G.711, G.726 (RFC 3551 section 4.5) and Opus (RFC 7587 section 4.2). */
export class PayloadDepacketizer {
  readonly #unitBytes: number;

  /** `unitBytes`: a payload is a whole number of these (an L16 sample of all channels); what is over is cut off. */
  constructor(unitBytes: number) {
    this.#unitBytes = unitBytes;
  }

  /** Takes the payload `buffer[start…end)`. */
  push(buffer: Buffer, start: number, end: number): AacPayload {
    const size = end - start - ((end - start) % this.#unitBytes);
    if (size <= 0 || size > MAX_PAYLOAD_BYTES) return DAMAGED;
    const frame = Buffer.allocUnsafe(SAMPLE_HEADROOM + size);
    buffer.copy(frame, SAMPLE_HEADROOM, start, start + size);
    return { kind: 'frames', frames: [frame.subarray(SAMPLE_HEADROOM)] };
  }

  /** Nothing is carried over from one payload to the next. */
  reset(): void {}
}
