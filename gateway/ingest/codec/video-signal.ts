import type { VideoColour } from '../media.ts';
import type { BitReader } from './bit-reader.ts';

/** By matrix_coeffs, H.264 table E-5 and H.265 table E.5; what no camera sends is left to the guess. */
const MATRICES: Readonly<Record<number, VideoColour['matrix']>> = {
  1: 'bt709',
  4: 'bt601',
  5: 'bt601',
  6: 'bt601',
  9: 'bt2020',
};

/** Reads video_signal_type and its presence flag in a VUI; null when it does not tell. */
export function readVideoSignal(bits: BitReader): VideoColour | null {
  if (!bits.flag()) return null;
  bits.skip(3); // video_format
  const fullRange = bits.flag();
  if (!bits.flag()) return { matrix: null, fullRange };
  bits.skip(16); // colour_primaries, transfer_characteristics
  return { matrix: MATRICES[bits.bits(8)] ?? null, fullRange };
}
