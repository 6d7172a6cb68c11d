import { BitReader, toRbsp } from './bit-reader.ts';
import { box, u16, u8 } from './box.ts';

/** Profiles whose SPS tells chroma format and bit depths, and whose avcC repeats them (ISO 14496-15, 5.3.3.1). */
const PROFILES_WITH_CHROMA: ReadonlySet<number> = new Set([100, 110, 122, 144]);

/** `avcC`, the AVCDecoderConfigurationRecord, with 4-byte NAL unit lengths (ISO 14496-15, 5.3.3.1). */
export function avcConfiguration(sets: { sps: readonly Uint8Array[]; pps: readonly Uint8Array[] }): Buffer {
  const first = sets.sps[0] ?? new Uint8Array();
  const profile = first[1] ?? 0;
  return box(
    'avcC',
    u8(1, profile, first[2] ?? 0, first[3] ?? 0, 0xfc | 3),
    u8(0xe0 | Math.min(sets.sps.length, 31)),
    ...sets.sps.slice(0, 31).flatMap(withLength),
    u8(Math.min(sets.pps.length, 255)),
    ...sets.pps.slice(0, 255).flatMap(withLength),
    PROFILES_WITH_CHROMA.has(profile) ? chromaExtension(first) : u8(),
  );
}

function withLength(nalUnit: Uint8Array): Uint8Array[] {
  return [u16(nalUnit.length), nalUnit];
}

/** ISO 14496-10, 7.3.2.1.1: the fields after seq_parameter_set_id in high profiles. */
function chromaExtension(sps: Uint8Array): Buffer {
  const reader = new BitReader(toRbsp(sps), 4);
  reader.ue();
  const chromaFormat = reader.ue();
  if (chromaFormat === 3) reader.skip(1);
  const lumaDepthMinus8 = reader.ue();
  const chromaDepthMinus8 = reader.ue();
  return u8(0xfc | (chromaFormat & 3), 0xf8 | (lumaDepthMinus8 & 7), 0xf8 | (chromaDepthMinus8 & 7), 0);
}
