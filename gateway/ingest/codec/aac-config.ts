import { BitReader } from './bit-reader.ts';

/** What an AudioSpecificConfig (ISO/IEC 14496-3 section 1.6.2.1) tells. */
export interface AacConfig {
  objectType: number;
  /** Rate of the core coder, Hz. */
  samplingRate: number;
  channels: number;
  /** Samples of the core coder in one frame. */
  samplesPerFrame: number;
  /** Bits of the configuration, up to where a program of channels or error resilience would follow. */
  bitLength: number;
}

const RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8];
const SBR = 5;
const PARAMETRIC_STEREO = 29;

/** Reads an AudioSpecificConfig of an AAC kind; undefined when it is none. */
export function parseAacConfig(config: Uint8Array): AacConfig | undefined {
  const bits = new BitReader(config);
  const objectType = readObjectType(bits);
  const samplingRate = readRate(bits);
  const channels = CHANNELS[bits.bits(4)] ?? 0;
  let coreType = objectType;
  if (objectType === SBR || objectType === PARAMETRIC_STEREO) {
    readRate(bits); // rate after spectral band replication
    coreType = readObjectType(bits);
  }
  const shortFrames = bits.flag();
  if (bits.overrun || !samplingRate || channels === 0 || coreType === 0) return undefined;
  if (bits.flag()) bits.skip(14); // dependsOnCoreCoder, coreCoderDelay
  bits.skip(1); // extensionFlag
  const bitLength = config.length * 8 - bits.bitsLeft;
  return { objectType, samplingRate, channels, samplesPerFrame: shortFrames ? 960 : 1024, bitLength };
}

function readObjectType(bits: BitReader): number {
  const type = bits.bits(5);
  return type === 31 ? 32 + bits.bits(6) : type;
}

function readRate(bits: BitReader): number | undefined {
  const index = bits.bits(4);
  return index === 15 ? bits.bits(24) : RATES[index];
}
