import { nalUnitsOf } from './annex-b.ts';
import type { Clip, ClipFrame } from './clip-file.ts';
import { moveSlice, readH264Context, type H264SliceContext } from './h264-slice.ts';

const typeOf = (nal: Uint8Array): number => (nal[0] ?? 0) & 31;

function framesOf(stream: Buffer, context: H264SliceContext, firstMb: number): ClipFrame[] {
  return nalUnitsOf(stream)
    .filter((nal) => typeOf(nal) === 1 || typeOf(nal) === 5)
    .map((slice) => {
      const { nal, head } = moveSlice(slice, context, firstMb);
      return { key: typeOf(slice) === 5, nals: [nal], head: { ...head } };
    });
}

/** The H.264 part of a clip out of the encoder's streams: parameter sets of the full picture, bodies moved below the band. */
export function h264Clip(
  body: Buffer,
  black: Buffer,
  full: Buffer,
  width: number,
  bandPx: number,
): Pick<Clip, 'parameterSets' | 'frames' | 'black'> {
  const sets = nalUnitsOf(full).filter((nal) => typeOf(nal) === 7 || typeOf(nal) === 8);
  const [sps, pps] = sets;
  const bodyPps = nalUnitsOf(body).find((nal) => typeOf(nal) === 8);
  if (sps === undefined || pps === undefined || bodyPps === undefined)
    throw new Error('demo site: FFmpeg wrote no H.264 parameter sets');
  if (!bodyPps.equals(pps))
    throw new Error(
      'demo site: the encoder chose other picture parameters for the body than for the whole picture',
    );
  const context = readH264Context(sps, pps);
  const firstMb = (width / 16) * (bandPx / 16);
  return {
    parameterSets: [sps, pps],
    frames: framesOf(body, context, firstMb),
    black: framesOf(black, context, firstMb),
  };
}
