/** Reads bits and Exp-Golomb numbers (H.264 9.1, H.265 9.2) from unescaped bytes; reads zeros past the end. */
export class BitReader {
  readonly bytes: Uint8Array;
  /** Position in bits. */
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  bit(): number {
    const byte = this.bytes[this.at >> 3] ?? 0;
    const value = (byte >> (7 - (this.at & 7))) & 1;
    this.at += 1;
    return value;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) value = value * 2 + this.bit();
    return value;
  }

  ue(): number {
    let zeros = 0;
    while (this.bit() === 0 && zeros < 32) zeros += 1;
    return 2 ** zeros - 1 + this.bits(zeros);
  }

  se(): number {
    const k = this.ue();
    return k % 2 === 1 ? (k + 1) / 2 : 0 - k / 2;
  }

  /** Position of the stop bit of the RBSP: the last 1 bit. */
  stopBitAt(): number {
    let last = this.bytes.length - 1;
    while (last > 0 && this.bytes[last] === 0) last -= 1;
    const byte = this.bytes[last] ?? 0;
    let low = 0;
    while (low < 7 && ((byte >> low) & 1) === 0) low += 1;
    return last * 8 + (7 - low);
  }
}
