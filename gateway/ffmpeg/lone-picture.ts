import { slicesOf } from './key-frame.ts';
import type { KeyFrame } from './key-frame.ts';
import { WIPING_SIDE } from './wiping-picture.ts';

/** ITU-T H.264 table 7-1. */
const H264_IDR = 5;
/** ITU-T H.265 table 7-1: IDR_W_RADL and IDR_N_LP. */
const H265_IDR: ReadonlySet<number> = new Set([19, 20]);

/**
 * True for one IDR picture of a stream without reordering: its decoding begins anew, needs nothing from before and is
 * done at once. False for recovery points, open GOPs, fields, streams with B-frames, slices that FFmpeg's parser, which
 * such a picture does not pass, would take for two pictures, and odd sizes, where FFmpeg's scaler reads past its rows.
 */
export function isLonePicture(keyFrame: KeyFrame): boolean {
  const { codec, width, height, reorderDepth = 0 } = keyFrame.track;
  if (codec === 'mjpeg' || reorderDepth > 0) return false;
  if (width <= WIPING_SIDE || height <= WIPING_SIDE || width % 2 !== 0 || height % 2 !== 0) return false;
  const slices = slicesOf(keyFrame);
  if (slices.length === 0) return false;
  return codec === 'h264' ? isLoneH264(slices) : isLoneH265(slices);
}

/** Slices begin at growing places (first_mb_in_slice, ITU-T H.264 section 7.3.3), the first at 0. */
function isLoneH264(slices: readonly Uint8Array[]): boolean {
  let before = -1;
  for (const slice of slices) {
    const firstMb = unsignedExpGolomb(slice.subarray(1, 9));
    if (((slice[0] ?? 0) & 0x1f) !== H264_IDR || firstMb === undefined || firstMb <= before) return false;
    if (before < 0 && firstMb !== 0) return false;
    before = firstMb;
  }
  return true;
}

/** The first slice alone bears first_slice_segment_in_pic_flag (ITU-T H.265 section 7.3.6.1). */
function isLoneH265(slices: readonly Uint8Array[]): boolean {
  return slices.every((slice, index) => {
    const isFirst = ((slice[2] ?? 0) & 0x80) !== 0;
    return H265_IDR.has(((slice[0] ?? 0) >> 1) & 0x3f) && isFirst === (index === 0);
  });
}

/** ue(v) at the beginning of the bytes (ITU-T H.264 section 9.1), with emulation prevention; undefined past their end. */
function unsignedExpGolomb(bytes: Uint8Array): number | undefined {
  const bits = [...bytes]
    .filter((byte, at) => !(byte === 3 && at >= 2 && bytes[at - 1] === 0 && bytes[at - 2] === 0))
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const zeros = bits.indexOf('1');
  const end = 2 * zeros + 1;
  return zeros < 0 || end > bits.length ? undefined : Number.parseInt(bits.slice(zeros, end), 2) - 1;
}
