const HEADER_BYTES = 7;
const CHECKSUM_BYTES = 2;
const MOST_FRAME_BYTES = 8191;

/** Reads AAC frames out of a growing ADTS stream (ISO 14496-3, 1.A.2); one for each stream. Each frame has its own memory. */
export class AdtsReader {
  readonly #onFrame: (frame: Buffer) => void;
  #rest = Buffer.alloc(0);

  constructor(onFrame: (frame: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** Takes the next bytes; false when they are no ADTS stream: nothing more is read then. */
  push(bytes: Buffer): boolean {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    while (at + HEADER_BYTES <= all.length) {
      if (all[at] !== 0xff || ((all[at + 1] ?? 0) & 0xf6) !== 0xf0) return false;
      const headerBytes = HEADER_BYTES + ((all[at + 1] ?? 0) & 1 ? 0 : CHECKSUM_BYTES);
      const frameBytes = (all.readUIntBE(at + 3, 3) >> 5) & MOST_FRAME_BYTES;
      if (frameBytes <= headerBytes) return false;
      if (at + frameBytes > all.length) break;
      this.#onFrame(Buffer.from(all.subarray(at + headerBytes, at + frameBytes)));
      at += frameBytes;
    }
    // A copy, so that a small rest does not keep a large chunk.
    this.#rest = Buffer.from(all.subarray(at));
    return true;
  }
}
