/** Writes bits and Exp-Golomb numbers into a growing buffer. */
export class BitWriter {
  private bytes = Buffer.alloc(1024);
  private at = 0;

  private grow(bits: number): void {
    const need = ((this.at + bits) >> 3) + 8;
    if (need <= this.bytes.length) return;
    const larger = Buffer.alloc(Math.max(need, this.bytes.length * 2));
    this.bytes.copy(larger);
    this.bytes = larger;
  }

  bit(value: number): void {
    this.grow(1);
    if (value !== 0) this.bytes[this.at >> 3]! |= 0x80 >> (this.at & 7);
    this.at += 1;
  }

  bits(value: number, count: number): void {
    for (let i = count - 1; i >= 0; i -= 1) this.bit(Math.floor(value / 2 ** i) % 2);
  }

  ue(value: number): void {
    const length = 32 - Math.clz32(value + 1);
    this.bits(0, length - 1);
    this.bits(value + 1, length);
  }

  se(value: number): void {
    this.ue(value > 0 ? value * 2 - 1 : -value * 2);
  }

  /** Zero bits up to a whole byte. */
  alignZero(): void {
    this.at = (this.at + 7) & ~7;
    this.grow(8);
  }

  /** Whole bytes; the position must be aligned. */
  raw(bytes: Uint8Array): void {
    this.grow(bytes.length * 8);
    this.bytes.set(bytes, this.at >> 3);
    this.at += bytes.length * 8;
  }

  /** Copies bits [from, to) of another stream. */
  copy(source: Uint8Array, from: number, to: number): void {
    this.grow(to - from);
    let at = from;
    while (at < to && ((this.at & 7) !== 0 || to - at < 8)) {
      this.bit((source[at >> 3]! >> (7 - (at & 7))) & 1);
      at += 1;
    }
    const shift = at & 7;
    for (; to - at >= 8; at += 8) {
      const byte = at >> 3;
      this.bytes[this.at >> 3] = ((source[byte]! << shift) | ((source[byte + 1] ?? 0) >> (8 - shift))) & 255;
      this.at += 8;
    }
    if (at < to) this.copy(source, at, to);
  }

  /** Ends with the RBSP stop bit and zero bits; gives the bytes. */
  finishRbsp(): Buffer {
    this.bit(1);
    this.alignZero();
    return this.bytes.subarray(0, this.at >> 3);
  }
}
