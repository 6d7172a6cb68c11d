/** Reads bits of an RBSP from the most significant on; past the end it reads zeros and says so in `exhausted`. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #position: number;

  constructor(bytes: Uint8Array, firstByte = 0) {
    this.#bytes = bytes;
    this.#position = firstByte * 8;
  }

  /** True when more bits were asked for than there are. */
  get exhausted(): boolean {
    return this.#position > this.#bytes.length * 8;
  }

  /** An unsigned number of `count` bits, at most 32. */
  bits(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1) {
      const byte = this.#bytes[this.#position >> 3] ?? 0;
      value = value * 2 + ((byte >> (7 - (this.#position & 7))) & 1);
      this.#position += 1;
    }
    return value;
  }

  skip(count: number): void {
    this.#position += count;
  }

  /** An unsigned Exp-Golomb number, ue(v) (ISO 14496-10, 9.1); 0 when it has more than 31 leading zeros. */
  ue(): number {
    let zeros = 0;
    while (!this.exhausted && this.bits(1) === 0) zeros += 1;
    return zeros > 31 || this.exhausted ? 0 : 2 ** zeros - 1 + this.bits(zeros);
  }
}

/** The RBSP of a NAL unit: emulation prevention bytes (00 00 03) taken out (ISO 14496-10, 7.4.1). */
export function toRbsp(nalUnit: Uint8Array): Uint8Array {
  const rbsp = new Uint8Array(nalUnit.length);
  let length = 0;
  let zeros = 0;
  for (const byte of nalUnit) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    rbsp[length] = byte;
    length += 1;
  }
  return rbsp.subarray(0, length);
}
