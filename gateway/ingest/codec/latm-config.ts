import { BitReader } from './bit-reader.ts';
import { parseAacConfig } from './aac-config.ts';

/** What a StreamMuxConfig (ISO/IEC 14496-3 table 1.42) of one program and one layer tells. */
export interface LatmConfig {
  /** AudioSpecificConfig, moved to whole bytes. */
  config: Uint8Array;
  /** AAC frames in one multiplex element. */
  framesPerElement: number;
}

/** Bits before the AudioSpecificConfig. */
const HEAD_BITS = 15;
const SYNC_EXTENSION = 0x2b7;
const WRITTEN_RATE = 15;

/** Reads the `config` of a=fmtp; undefined when it is of another version, of several streams, or no AAC. */
export function parseLatmConfig(bytes: Uint8Array): LatmConfig | undefined {
  const bits = new BitReader(bytes);
  const version = bits.bit();
  bits.skip(1); // allStreamsSameTimeFraming
  const framesPerElement = bits.bits(6) + 1;
  const programs = bits.bits(4) + 1;
  const layers = bits.bits(3) + 1;
  if (bits.overrun || version !== 0 || programs > 1 || layers > 1) return undefined;
  const rest = shifted(bytes, HEAD_BITS);
  const reading = parseAacConfig(rest);
  if (!reading) return undefined;
  const config = rest.slice(0, Math.ceil(reading.bitLength / 8));
  clearTail(config, reading.bitLength);
  bits.skip(reading.bitLength);
  skipExtension(bits);
  const frameLengthType = bits.bits(3);
  // Some senders (GStreamer) leave out what follows the AudioSpecificConfig.
  if (!bits.overrun && frameLengthType !== 0) return undefined;
  return { config, framesPerElement };
}

/** Skips the signal for spectral band replication that older decoders do not see (table 1.15, syncExtensionType). */
function skipExtension(bits: BitReader): void {
  const ahead = bits.copy();
  if (ahead.bits(11) !== SYNC_EXTENSION || ahead.overrun) return;
  bits.skip(16);
  if (bits.flag() && bits.bits(4) === WRITTEN_RATE) bits.skip(24);
}

function shifted(bytes: Uint8Array, skip: number): Uint8Array {
  const bits = new BitReader(bytes);
  bits.skip(skip);
  return Uint8Array.from({ length: Math.ceil(bits.bitsLeft / 8) }, () => bits.bits(8));
}

/** What follows in the last byte is not of the configuration. */
function clearTail(config: Uint8Array, bitLength: number): void {
  const last = config.length - 1;
  const unused = config.length * 8 - bitLength;
  config[last] = ((config[last] ?? 0) >> unused) << unused;
}
