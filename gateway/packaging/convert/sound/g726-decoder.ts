import { g726Tables } from './g726-tables.ts';
import type { G726Table } from './g726-tables.ts';

const LEAST_SCALE = 544;
const MOST_SCALE = 5120;
const FASTEST = 0x200;
const ZEROS = 6;
/** Zero as a floating-point number of 4-bit exponent and 6-bit mantissa, and its negative. */
const FLOAT_ZERO = 0x20;
const FLOAT_MINUS_ZERO = -0x3e0;

/** Decodes G.726 ADPCM to 16-bit samples (ITU-T G.726 section 4); names in brackets are the blocks there. One for each stream. */
export class G726Decoder {
  readonly #bits: 2 | 3 | 4 | 5;
  readonly #lowFirst: boolean;
  readonly #table: G726Table;
  #slowScale = 34_816; // yl, 1/64 of the unit of yu
  #fastScale = LEAST_SCALE; // yu
  #shortSpeed = 0; // dms
  #longSpeed = 0; // dml
  #speed = 0; // ap
  #toneFound = false; // td
  readonly #poles = new Int32Array(2); // a
  readonly #zeros = new Int32Array(ZEROS); // b
  readonly #signs = new Int32Array(2); // pk
  readonly #differences = new Int32Array(ZEROS).fill(FLOAT_ZERO); // dq
  readonly #signals = new Int32Array(2).fill(FLOAT_ZERO); // sr

  /** `packing`: RFC 3551 puts the first code word into an octet's low bits, AAL2 (ITU-T I.366.2) into its high ones. */
  constructor(options: { bits: 2 | 3 | 4 | 5; packing: 'rfc3551' | 'aal2' }) {
    this.#bits = options.bits;
    this.#lowFirst = options.packing === 'rfc3551';
    this.#table = g726Tables[options.bits];
  }

  /** The 16-bit samples of a payload, little-endian; bits that make no whole code word are left. */
  samples(payload: Uint8Array): Buffer {
    const count = Math.floor((payload.length * 8) / this.#bits);
    const samples = Buffer.allocUnsafe(count * 2);
    for (let index = 0; index < count; index += 1) {
      samples.writeInt16LE(this.#decode(this.#codeAt(payload, index * this.#bits)), index * 2);
    }
    return samples;
  }

  #codeAt(payload: Uint8Array, bit: number): number {
    const at = bit >> 3;
    const [near = 0, next = 0] = [payload[at], payload[at + 1]];
    const mask = (1 << this.#bits) - 1;
    if (this.#lowFirst) return ((near | (next << 8)) >> (bit & 7)) & mask;
    return (((near << 8) | next) >> (16 - this.#bits - (bit & 7))) & mask;
  }

  #decode(code: number): number {
    const { logarithm, multiplier, speed } = this.#table;
    const byZeros = this.#predictByZeros();
    const estimate = (byZeros + this.#predictByPoles()) >> 1;
    const scale = this.#scale();
    const negative = code >> (this.#bits - 1) === 1;
    const magnitude = antilogarithm((logarithm[code] ?? 0) + (scale >> 2));
    const signal = short(negative ? estimate - magnitude : estimate + magnitude);
    const partial = short(signal - estimate + (byZeros >> 1));
    this.#adapt({ scale, code, negative, magnitude, signal, partial });
    this.#adaptSpeed(scale, speed[code] ?? 0);
    this.#adaptScale(scale, multiplier[code] ?? 0);
    return Math.max(-32_768, Math.min(32_767, signal * 4));
  }

  /** [FMULT, ACCUM] */
  #predictByZeros(): number {
    let sum = 0;
    for (let index = 0; index < ZEROS; index += 1)
      sum += multiply((this.#zeros[index] ?? 0) >> 2, this.#differences[index] ?? 0);
    return short(sum);
  }

  #predictByPoles(): number {
    return (
      multiply((this.#poles[1] ?? 0) >> 2, this.#signals[1] ?? 0) +
      multiply((this.#poles[0] ?? 0) >> 2, this.#signals[0] ?? 0)
    );
  }

  /** [LIMA, MIX] */
  #scale(): number {
    if (this.#speed >= 256) return this.#fastScale;
    const slow = this.#slowScale >> 6;
    const apart = this.#fastScale - slow;
    const share = this.#speed >> 2;
    if (apart > 0) return slow + ((apart * share) >> 6);
    return apart < 0 ? slow + ((apart * share + 0x3f) >> 6) : slow;
  }

  /** [FUNCTW, FILTD, LIMB, FILTE] */
  #adaptScale(scale: number, multiplier: number): void {
    const fast = scale + ((multiplier - scale) >> 5);
    this.#fastScale = Math.max(LEAST_SCALE, Math.min(MOST_SCALE, fast));
    this.#slowScale += this.#fastScale + (-this.#slowScale >> 6);
  }

  /** [FILTA, FILTB, SUBTC, FILTC]; `#transition` was set before. */
  #adaptSpeed(scale: number, towards: number): void {
    this.#shortSpeed += (towards - this.#shortSpeed) >> 5;
    this.#longSpeed += ((towards << 2) - this.#longSpeed) >> 7;
    const apart = Math.abs((this.#shortSpeed << 2) - this.#longSpeed);
    const unsteady = scale < 1536 || this.#toneFound || apart >= this.#longSpeed >> 3;
    if (this.#transition) this.#speed = 256;
    else this.#speed += ((unsteady ? FASTEST : 0) - this.#speed) >> 4;
  }

  #transition = false;

  #adapt(now: {
    scale: number;
    code: number;
    negative: boolean;
    magnitude: number;
    signal: number;
    partial: number;
  }): void {
    const { negative, magnitude, signal, partial } = now;
    this.#transition = this.#toneFound && magnitude > this.#transitionThreshold();
    const sign = partial < 0 ? 1 : 0;
    let secondPole = 0;
    if (this.#transition) {
      this.#poles.fill(0);
      this.#zeros.fill(0);
    } else {
      secondPole = this.#adaptPoles(sign, partial);
      this.#adaptZeros(negative, magnitude);
    }
    this.#differences.copyWithin(1, 0, ZEROS - 1);
    this.#differences[0] = toFloat(magnitude, negative);
    this.#signals[1] = this.#signals[0] ?? 0;
    this.#signals[0] = signal === 0 ? FLOAT_ZERO : toFloat(Math.min(Math.abs(signal), 32_767), signal < 0);
    this.#signs[1] = this.#signs[0] ?? 0;
    this.#signs[0] = sign;
    this.#toneFound = !this.#transition && secondPole < -11_776;
  }

  /** [TRANS] */
  #transitionThreshold(): number {
    const exponent = this.#slowScale >> 15;
    const fraction = (this.#slowScale >> 10) & 0x1f;
    const threshold = exponent > 9 ? 31 << 10 : (32 + fraction) << exponent;
    return (threshold + (threshold >> 1)) >> 1;
  }

  /** [UPA2, LIMC, UPA1, LIMD]; returns the new second pole. */
  #adaptPoles(sign: number, partial: number): number {
    const [first = 0, second = 0] = this.#poles;
    const differs = sign !== this.#signs[0];
    let newSecond = second - (second >> 7);
    if (partial !== 0) {
      const against = differs ? first : -first;
      if (against < -8191) newSecond -= 0x100;
      else if (against > 8191) newSecond += 0xff;
      else newSecond += against >> 5;
      newSecond += sign === this.#signs[1] ? 0x80 : -0x80;
      newSecond = Math.max(-12_288, Math.min(12_288, newSecond));
    }
    let newFirst = first - (first >> 8);
    if (partial !== 0) newFirst += differs ? -192 : 192;
    const limit = 15_360 - newSecond;
    this.#poles[0] = Math.max(-limit, Math.min(limit, newFirst));
    this.#poles[1] = newSecond;
    return newSecond;
  }

  /** [XOR, UPB] */
  #adaptZeros(negative: boolean, magnitude: number): void {
    const leak = this.#bits === 5 ? 9 : 8;
    for (let index = 0; index < ZEROS; index += 1) {
      let zero = this.#zeros[index] ?? 0;
      zero -= zero >> leak;
      if (magnitude !== 0) zero += negative === (this.#differences[index] ?? 0) < 0 ? 128 : -128;
      this.#zeros[index] = zero;
    }
  }
}

/** [ADDA, ANTILOG] */
function antilogarithm(logarithm: number): number {
  if (logarithm < 0) return 0;
  const exponent = (logarithm >> 7) & 15;
  return ((128 + (logarithm & 127)) << 7) >> (14 - exponent);
}

/** [FLOATA, FLOATB] Sign in bit 10 and above, 4-bit exponent, 6-bit mantissa. */
function toFloat(magnitude: number, negative: boolean): number {
  if (magnitude === 0) return negative ? FLOAT_MINUS_ZERO : FLOAT_ZERO;
  const exponent = bitLength(magnitude);
  const float = (exponent << 6) + ((magnitude << 6) >> exponent);
  return negative ? float - 0x400 : float;
}

/** [FMULT] A coefficient times a floating-point number. */
function multiply(coefficient: number, float: number): number {
  const magnitude = coefficient > 0 ? coefficient : -coefficient & 0x1fff;
  const exponent = bitLength(magnitude) - 6;
  let mantissa = 32;
  if (magnitude !== 0) mantissa = exponent >= 0 ? magnitude >> exponent : magnitude << -exponent;
  const productExponent = exponent + ((float >> 6) & 0xf) - 13;
  const product = (mantissa * (float & 0x3f) + 0x30) >> 4;
  const value = productExponent >= 0 ? (product << productExponent) & 0x7fff : product >> -productExponent;
  return (coefficient ^ float) < 0 ? -value : value;
}

function bitLength(value: number): number {
  return 32 - Math.clz32(value);
}

function short(value: number): number {
  return (value << 16) >> 16;
}
