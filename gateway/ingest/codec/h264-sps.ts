import type { VideoColour } from '../media.ts';
import { BitReader, withoutEmulationPrevention } from './bit-reader.ts';
import { readSampleAspectRatio } from './sample-aspect-ratio.ts';
import { isPlausibleSize, plausibleFps } from './sps-reading.ts';
import type { SpsReading } from './sps-reading.ts';
import { readVideoSignal } from './video-signal.ts';

const PROFILES: Readonly<Record<number, string>> = {
  44: 'CAVLC 4:4:4 Intra',
  66: 'Baseline',
  77: 'Main',
  88: 'Extended',
  100: 'High',
  110: 'High 10',
  122: 'High 4:2:2',
  244: 'High 4:4:4',
};
/** profile_idc values whose SPS carries the chroma fields (section 7.3.2.1.1). */
const WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

interface Vui {
  sar: { width: number; height: number };
  fps: number | null;
  reorderDepth: number | null;
  colour: VideoColour | null;
}

const NO_VUI: Vui = { sar: { width: 1, height: 1 }, fps: null, reorderDepth: null, colour: null };

/** Reads an H.264 SPS NAL unit (ITU-T H.264 section 7.3.2.1.1, VUI in E.1.1); undefined when it is damaged. */
export function parseH264Sps(nal: Uint8Array): SpsReading | undefined {
  if (nal.length < 5 || ((nal[0] ?? 0) & 0x1f) !== 7) return undefined;
  const [, profileIdc = 0, constraints = 0, levelIdc = 0] = nal;
  const bits = new BitReader(withoutEmulationPrevention(nal.subarray(4)));
  bits.unsigned(); // seq_parameter_set_id
  const chromaFormat = WITH_CHROMA.has(profileIdc) ? readChroma(bits) : 1;
  bits.unsigned(); // log2_max_frame_num_minus4
  const pocType = readPictureOrder(bits);
  bits.unsigned(); // max_num_ref_frames
  bits.skip(1); // gaps_in_frame_num_value_allowed_flag
  const size = readSize(bits, chromaFormat);
  const vui = bits.flag() ? readVui(bits) : NO_VUI;
  if (bits.overrun || !isPlausibleSize(size.width, size.height)) return undefined;
  const inOrder = pocType === 2 || profileIdc === 66;
  return {
    codecString: `avc1.${[profileIdc, constraints, levelIdc].map(hexByte).join('')}`,
    profile: nameProfile(profileIdc, constraints),
    ...size,
    ...vui,
    reorderDepth: inOrder ? 0 : vui.reorderDepth,
  };
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function nameProfile(profileIdc: number, constraints: number): string {
  if (profileIdc === 66 && constraints & 0x40) return 'Constrained Baseline';
  return PROFILES[profileIdc] ?? `profile ${profileIdc}`;
}

function readChroma(bits: BitReader): number {
  const chromaFormat = bits.unsigned();
  if (chromaFormat === 3) bits.skip(1); // separate_colour_plane_flag
  bits.unsigned(); // bit_depth_luma_minus8
  bits.unsigned(); // bit_depth_chroma_minus8
  bits.skip(1); // qpprime_y_zero_transform_bypass_flag
  if (bits.flag()) {
    const lists = chromaFormat === 3 ? 12 : 8;
    for (let list = 0; list < lists; list += 1) if (bits.flag()) skipScalingList(bits, list < 6 ? 16 : 64);
  }
  return chromaFormat;
}

function skipScalingList(bits: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let index = 0; index < size; index += 1) {
    if (next !== 0) next = (last + bits.signed() + 256) & 0xff;
    last = next === 0 ? last : next;
  }
}

function readPictureOrder(bits: BitReader): number {
  const pocType = bits.unsigned();
  if (pocType === 0) bits.unsigned(); // log2_max_pic_order_cnt_lsb_minus4
  if (pocType !== 1) return pocType;
  bits.skip(1); // delta_pic_order_always_zero_flag
  bits.signed(); // offset_for_non_ref_pic
  bits.signed(); // offset_for_top_to_bottom_field
  const cycle = Math.min(255, bits.unsigned());
  for (let index = 0; index < cycle; index += 1) bits.signed();
  return pocType;
}

function readSize(bits: BitReader, chromaFormat: number): { width: number; height: number } {
  const codedWidth = (bits.unsigned() + 1) * 16;
  const mapUnits = bits.unsigned() + 1;
  const fieldFactor = bits.flag() ? 1 : 2; // frame_mbs_only_flag
  if (fieldFactor === 2) bits.skip(1); // mb_adaptive_frame_field_flag
  bits.skip(1); // direct_8x8_inference_flag
  const codedHeight = mapUnits * 16 * fieldFactor;
  if (!bits.flag()) return { width: codedWidth, height: codedHeight };
  const [left, right, top, bottom] = [bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()];
  const unitX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
  const unitY = (chromaFormat === 1 ? 2 : 1) * fieldFactor;
  return { width: codedWidth - (left + right) * unitX, height: codedHeight - (top + bottom) * unitY };
}

function readVui(bits: BitReader): Vui {
  const sar = readSampleAspectRatio(bits);
  if (bits.flag()) bits.skip(1); // overscan
  const colour = readVideoSignal(bits);
  if (bits.flag()) {
    bits.unsigned(); // chroma_sample_loc_type_top_field
    bits.unsigned(); // chroma_sample_loc_type_bottom_field
  }
  let fps: number | null = null;
  if (bits.flag()) {
    const unitsInTick = bits.bits(32);
    const timeScale = bits.bits(32);
    bits.skip(1); // fixed_frame_rate_flag
    // One frame is two ticks, as ticks count fields (section E.2.1).
    fps = plausibleFps(timeScale, unitsInTick * 2);
  }
  const nalHrd = bits.flag();
  if (nalHrd) skipHrd(bits);
  const vclHrd = bits.flag();
  if (vclHrd) skipHrd(bits);
  if (nalHrd || vclHrd) bits.skip(1); // low_delay_hrd_flag
  bits.skip(1); // pic_struct_present_flag
  return { sar, fps, reorderDepth: bits.flag() ? readReorderDepth(bits) : null, colour };
}

function skipHrd(bits: BitReader): void {
  const count = Math.min(32, bits.unsigned() + 1);
  bits.skip(8);
  for (let index = 0; index < count; index += 1) {
    bits.unsigned(); // bit_rate_value_minus1
    bits.unsigned(); // cpb_size_value_minus1
    bits.skip(1); // cbr_flag
  }
  bits.skip(20);
}

function readReorderDepth(bits: BitReader): number | null {
  bits.skip(1); // motion_vectors_over_pic_boundaries_flag
  bits.unsigned(); // max_bytes_per_pic_denom
  bits.unsigned(); // max_bits_per_mb_denom
  bits.unsigned(); // log2_max_mv_length_horizontal
  bits.unsigned(); // log2_max_mv_length_vertical
  const depth = bits.unsigned();
  return bits.overrun || depth > 16 ? null : depth;
}
