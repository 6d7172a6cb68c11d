/**
 * Follows the framing of MQTT control packets (MQTT 3.1.1, section 2.2) in one connection's bytes and tells when a
 * packet announces more than `maxBytes`, before anyone collects it. One for each connection.
 */
export class PacketSizeLimit {
  readonly #maxBytes: number;
  /** Bytes of the current packet's body still to come. */
  #body = 0;
  /** Bytes of the fixed header seen: 0 before its first byte. */
  #header = 0;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** False when the bytes announce a packet that is too large, or a length of more than four bytes. */
  accepts(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#body > 0) {
        const skipped = Math.min(this.#body, chunk.length - at);
        this.#body -= skipped;
        at += skipped;
      } else if (!this.#headerByte(chunk[at++] ?? 0)) {
        return false;
      }
    }
    return true;
  }

  #headerByte(byte: number): boolean {
    this.#header += 1;
    if (this.#header === 1) return true;
    this.#length += (byte & 127) * 128 ** (this.#header - 2);
    if (this.#length > this.#maxBytes) return false;
    if (byte < 128) {
      this.#body = this.#length;
      this.#header = 0;
      this.#length = 0;
      return true;
    }
    return this.#header < 5;
  }
}
