import { BitReader, withoutEmulationPrevention } from './bit-reader.ts';
import { h265CodecString, h265ProfileName, readH265Profile } from './h265-profile.ts';
import { readSampleAspectRatio } from './sample-aspect-ratio.ts';
import { isPlausibleSize, plausibleFps } from './sps-reading.ts';
import type { SpsReading } from './sps-reading.ts';
import { readVideoSignal } from './video-signal.ts';

const NO_VUI = { sar: { width: 1, height: 1 }, fps: null, colour: null };

/** Reads an H.265 SPS NAL unit (ITU-T H.265 section 7.3.2.2.1, VUI in E.2.1); undefined when it is damaged. */
export function parseH265Sps(nal: Uint8Array): SpsReading | undefined {
  if (nal.length < 8 || (((nal[0] ?? 0) >> 1) & 0x3f) !== 33) return undefined;
  const bits = new BitReader(withoutEmulationPrevention(nal.subarray(2)));
  bits.skip(4); // sps_video_parameter_set_id
  const maxSubLayersMinus1 = bits.bits(3);
  bits.skip(1); // sps_temporal_id_nesting_flag
  if (maxSubLayersMinus1 > 6) return undefined;
  const profile = readH265Profile(bits, maxSubLayersMinus1);
  bits.unsigned(); // sps_seq_parameter_set_id
  const size = readSize(bits);
  bits.unsigned(); // bit_depth_luma_minus8
  bits.unsigned(); // bit_depth_chroma_minus8
  const pocBits = bits.unsigned() + 4;
  const reorderDepth = readReorderDepth(bits, maxSubLayersMinus1);
  if (bits.overrun || pocBits > 16 || !isPlausibleSize(size.width, size.height)) return undefined;
  const described = {
    codecString: h265CodecString(profile),
    profile: h265ProfileName(profile),
    ...size,
    reorderDepth,
  };
  // A set whose tail is beyond this reader is still good for size and profile.
  const vui = skipToVui(bits, pocBits) && bits.flag() ? readVui(bits) : undefined;
  return { ...described, ...(vui && !bits.overrun ? vui : NO_VUI) };
}

function readSize(bits: BitReader): { width: number; height: number } {
  const chromaFormat = bits.unsigned();
  if (chromaFormat === 3) bits.skip(1); // separate_colour_plane_flag
  const width = bits.unsigned();
  const height = bits.unsigned();
  if (!bits.flag()) return { width, height };
  const [left, right, top, bottom] = [bits.unsigned(), bits.unsigned(), bits.unsigned(), bits.unsigned()];
  const unitX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
  const unitY = chromaFormat === 1 ? 2 : 1;
  return { width: width - (left + right) * unitX, height: height - (top + bottom) * unitY };
}

function readReorderDepth(bits: BitReader, maxSubLayersMinus1: number): number {
  const perLayer = bits.flag();
  let depth = 0;
  for (let layer = perLayer ? 0 : maxSubLayersMinus1; layer <= maxSubLayersMinus1; layer += 1) {
    bits.unsigned(); // sps_max_dec_pic_buffering_minus1
    depth = bits.unsigned();
    bits.unsigned(); // sps_max_latency_increase_plus1
  }
  return Math.min(16, depth);
}

/** Leaves the reader at vui_parameters_present_flag; false when the set does not follow the rules. */
function skipToVui(bits: BitReader, pocBits: number): boolean {
  for (let field = 0; field < 6; field += 1) bits.unsigned(); // block and transform sizes and depths
  if (bits.flag() && bits.flag()) skipScalingLists(bits);
  bits.skip(2); // amp_enabled_flag, sample_adaptive_offset_enabled_flag
  if (bits.flag()) {
    bits.skip(8); // pcm bit depths
    bits.unsigned(); // log2_min_pcm_luma_coding_block_size_minus3
    bits.unsigned(); // log2_diff_max_min_pcm_luma_coding_block_size
    bits.skip(1); // pcm_loop_filter_disabled_flag
  }
  if (!skipReferenceSets(bits)) return false;
  if (bits.flag()) {
    const longTerm = bits.unsigned();
    if (longTerm > 32) return false;
    bits.skip(longTerm * (pocBits + 1));
  }
  bits.skip(2); // sps_temporal_mvp_enabled_flag, strong_intra_smoothing_enabled_flag
  return !bits.overrun;
}

function skipScalingLists(bits: BitReader): void {
  for (let sizeId = 0; sizeId < 4; sizeId += 1) {
    for (let matrix = 0; matrix < 6; matrix += sizeId === 3 ? 3 : 1) {
      if (!bits.flag()) {
        bits.unsigned(); // scaling_list_pred_matrix_id_delta
        continue;
      }
      if (sizeId > 1) bits.signed(); // scaling_list_dc_coef_minus8
      const coefficients = Math.min(64, 1 << (4 + (sizeId << 1)));
      for (let index = 0; index < coefficients; index += 1) bits.signed();
    }
  }
}

/** Skips st_ref_pic_set() of section 7.3.7, of which each may be told as a change to the one before. */
function skipReferenceSets(bits: BitReader): boolean {
  const count = bits.unsigned();
  if (count > 64) return false;
  let pictures = 0;
  for (let index = 0; index < count; index += 1) {
    if (index > 0 && bits.flag()) pictures = skipPredictedSet(bits, pictures);
    else {
      const [negative, positive] = [bits.unsigned(), bits.unsigned()];
      if (negative > 16 || positive > 16) return false;
      pictures = negative + positive;
      for (let picture = 0; picture < pictures; picture += 1) {
        bits.unsigned(); // delta_poc_minus1
        bits.skip(1); // used_by_curr_pic_flag
      }
    }
    if (bits.overrun) return false;
  }
  return true;
}

function skipPredictedSet(bits: BitReader, referencePictures: number): number {
  bits.skip(1); // delta_rps_sign
  bits.unsigned(); // abs_delta_rps_minus1
  let pictures = 0;
  for (let picture = 0; picture <= referencePictures; picture += 1) {
    const used = bits.flag();
    if (used || bits.flag()) pictures += 1;
  }
  return pictures;
}

function readVui(bits: BitReader): Pick<SpsReading, 'sar' | 'fps' | 'colour'> {
  const sar = readSampleAspectRatio(bits);
  if (bits.flag()) bits.skip(1); // overscan
  const colour = readVideoSignal(bits);
  if (bits.flag()) {
    bits.unsigned(); // chroma_sample_loc_type_top_field
    bits.unsigned(); // chroma_sample_loc_type_bottom_field
  }
  bits.skip(3); // neutral_chroma_indication_flag, field_seq_flag, frame_field_info_present_flag
  if (bits.flag()) for (let edge = 0; edge < 4; edge += 1) bits.unsigned(); // default display window
  if (!bits.flag()) return { sar, fps: null, colour };
  const unitsInTick = bits.bits(32);
  return { sar, fps: plausibleFps(bits.bits(32), unitsInTick), colour };
}
