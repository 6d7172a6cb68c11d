/** A key frame with what is needed to decode it; ingest's `VideoTrack` and `Sample` have this shape. */
export interface KeyFrame {
  track: {
    codec: 'h264' | 'h265' | 'mjpeg';
    width: number;
    height: number;
    /** The matrix that the stream names, if any. */
    colour?: { matrix: 'bt601' | 'bt709' | 'bt2020' | null };
    /** Frames held back for B-frames; absent when the stream does not tell. */
    reorderDepth?: number;
    /** NAL units without start code or length. */
    parameterSets: { vps: readonly Uint8Array[]; sps: readonly Uint8Array[]; pps: readonly Uint8Array[] };
  };
  /** NAL units each behind its 4-byte length (ISO 14496-15); one JPEG. */
  sample: { data: Uint8Array };
}

const START_CODE = Buffer.from([0, 0, 0, 1]);
const LENGTH_BYTES = 4;

/**
 * The access unit as an Annex B byte stream (H.264 and H.265, Annex B): parameter sets, then the slices. What is neither
 * is left out (SEI, delimiters, filler), since decoding is strict and must not fail over a camera's odd extras.
 * A length that runs past the end cuts the unit there: the decoder then reports the damage. A JPEG is handed on as it is.
 */
export function toAnnexB(keyFrame: KeyFrame): Uint8Array[] {
  const { track, sample } = keyFrame;
  if (track.codec === 'mjpeg') return [sample.data];
  const { vps, sps, pps } = track.parameterSets;
  const sets = [...(track.codec === 'h265' ? vps : []), ...sps, ...pps];
  return [...sets, ...slicesOf(keyFrame)].flatMap((unit) => [START_CODE, unit]);
}

/** The NAL units that hold the picture, without start code or length; none for a JPEG. */
export function slicesOf({ track: { codec }, sample: { data } }: KeyFrame): Uint8Array[] {
  if (codec === 'mjpeg') return [];
  const slices: Uint8Array[] = [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at + LENGTH_BYTES < data.byteLength;) {
    const end = Math.min(at + LENGTH_BYTES + view.getUint32(at), data.byteLength);
    const unit = data.subarray(at + LENGTH_BYTES, end);
    if (isSlice(unit, codec)) slices.push(unit);
    at = end;
  }
  return slices;
}

/** H.264 table 7-1: types 1 to 5. H.265 table 7-1: types 0 to 31. */
function isSlice(unit: Uint8Array, codec: 'h264' | 'h265'): boolean {
  const header = unit[0];
  if (header === undefined) return false;
  if (codec === 'h265') return ((header >> 1) & 0x3f) <= 31;
  const type = header & 0x1f;
  return type >= 1 && type <= 5;
}
