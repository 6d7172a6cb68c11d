import type { KeyFrame } from './key-frame.ts';
import { slicesOf } from './key-frame.ts';
import { WIPING_SIDE } from './wiping-picture.ts';

/** ITU-T H.264 table 7-1. */
const H264_IDR = 5;
/** ITU-T H.265 table 7-1: IDR_W_RADL and IDR_N_LP. CRA and BLA pictures go the slow way. */
const H265_IDR: ReadonlySet<number> = new Set([19, 20]);

/**
 * True for one whole IDR picture of a stream without reordering: its decoding begins anew, needs nothing from before and
 * is done at once. False for recovery points, open GOPs, fields, streams with B-frames and whatever looks odd.
 */
export function isLonePicture(keyFrame: KeyFrame): boolean {
  const { codec, width, height, reorderDepth = 0 } = keyFrame.track;
  if (codec === 'mjpeg' || reorderDepth > 0) return false;
  if (width <= WIPING_SIDE || height <= WIPING_SIDE) return false;
  const slices = slicesOf(keyFrame);
  return (
    slices.length > 0 &&
    slices.every((slice, index) => isIdr(slice, codec) && isFirst(slice, codec) === (index === 0))
  );
}

function isIdr(slice: Uint8Array, codec: 'h264' | 'h265'): boolean {
  const header = slice[0] ?? 0;
  return codec === 'h264' ? (header & 0x1f) === H264_IDR : H265_IDR.has((header >> 1) & 0x3f);
}

/** H.264: first_mb_in_slice, ue(v), is 0 when its first bit is 1. H.265: first_slice_segment_in_pic_flag. */
function isFirst(slice: Uint8Array, codec: 'h264' | 'h265'): boolean {
  return ((slice[codec === 'h264' ? 1 : 2] ?? 0) & 0x80) !== 0;
}
