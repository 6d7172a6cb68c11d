import { BitReader, toRbsp } from './bit-reader.ts';
import { box, u16, u8 } from './box.ts';

const NAL_VPS = 32;
const NAL_SPS = 33;
const NAL_PPS = 34;
/** Profile, tier, compatibility and constraint flags and level of the SPS, without sub-layers. */
const PROFILE_TIER_LEVEL_BYTES = 12;

/** `hvcC`, the HEVCDecoderConfigurationRecord, with complete arrays and 4-byte lengths (ISO 14496-15, 8.3.3.1). */
export function hevcConfiguration(sets: {
  vps: readonly Uint8Array[];
  sps: readonly Uint8Array[];
  pps: readonly Uint8Array[];
}): Buffer {
  const sps = readSps(sets.sps[0] ?? new Uint8Array());
  return box(
    'hvcC',
    u8(1),
    sps.profileTierLevel,
    u16(0xf000),
    u8(0xfc, 0xfc | sps.chromaFormat, 0xf8 | sps.lumaDepthMinus8, 0xf8 | sps.chromaDepthMinus8),
    u16(0),
    u8((sps.temporalLayers << 3) | (sps.temporalIdNested << 2) | 3, 3),
    nalArray(NAL_VPS, sets.vps),
    nalArray(NAL_SPS, sets.sps),
    nalArray(NAL_PPS, sets.pps),
  );
}

function nalArray(type: number, units: readonly Uint8Array[]): Buffer {
  return Buffer.concat([
    u8(0x80 | type),
    u16(units.length),
    ...units.flatMap((unit) => [u16(unit.length), unit]),
  ]);
}

interface SpsFields {
  profileTierLevel: Uint8Array;
  temporalLayers: number;
  temporalIdNested: number;
  chromaFormat: number;
  lumaDepthMinus8: number;
  chromaDepthMinus8: number;
}

/** ISO 23008-2, 7.3.2.2.1 as far as the bit depths. */
function readSps(nalUnit: Uint8Array): SpsFields {
  const rbsp = toRbsp(nalUnit);
  const reader = new BitReader(rbsp, 2);
  reader.skip(4);
  const subLayersMinus1 = reader.bits(3);
  const temporalIdNested = reader.bits(1);
  const profileTierLevel = new Uint8Array(PROFILE_TIER_LEVEL_BYTES);
  profileTierLevel.set(rbsp.subarray(3, 3 + PROFILE_TIER_LEVEL_BYTES));
  reader.skip(PROFILE_TIER_LEVEL_BYTES * 8);
  skipSubLayers(reader, subLayersMinus1);
  reader.ue();
  const chromaFormat = reader.ue() & 3;
  if (chromaFormat === 3) reader.skip(1);
  reader.ue();
  reader.ue();
  if (reader.bits(1) === 1) for (let side = 0; side < 4; side += 1) reader.ue();
  const lumaDepthMinus8 = reader.ue() & 7;
  const chromaDepthMinus8 = reader.ue() & 7;
  return {
    profileTierLevel,
    temporalLayers: subLayersMinus1 + 1,
    temporalIdNested,
    chromaFormat,
    lumaDepthMinus8,
    chromaDepthMinus8,
  };
}

/** ISO 23008-2, 7.3.3: the sub-layers' own profiles (88 bits) and levels (8 bits), where present. */
function skipSubLayers(reader: BitReader, subLayersMinus1: number): void {
  if (subLayersMinus1 === 0) return;
  const present = Array.from({ length: subLayersMinus1 }, () => [reader.bits(1), reader.bits(1)] as const);
  reader.skip((8 - subLayersMinus1) * 2);
  for (const [profile, level] of present) reader.skip(profile * 88 + level * 8);
}
