import type { BandBackground } from '../picture/clock-band.ts';
import { nalUnitsOf } from './annex-b.ts';
import type { Clip, ClipFrame } from './clip-file.ts';
import { bandLayout } from './clip-spec.ts';
import { clockPieces, stillPieces } from './h265-clock-pieces.ts';
import { placeSlice, readH265Context, takeSlice, type H265SliceContext } from './h265-slice.ts';

const typeOf = (nal: Uint8Array): number => ((nal[0] ?? 0) >> 1) & 63;

function framesOf(stream: Buffer, context: H265SliceContext): ClipFrame[] {
  return nalUnitsOf(stream)
    .filter((nal) => typeOf(nal) < 32)
    .map((slice) => {
      const { head, piece } = takeSlice(slice, context);
      return {
        key: typeOf(slice) >= 16,
        nals: [placeSlice(piece, head, context, context.widthCtbs)],
        head: { ...head },
      };
    });
}

/** A background of one luma and no colour. */
function plain(rows: number, luma: number): BandBackground {
  const row = (count: number, value: number): number[] => Array.from({ length: count }, () => value);
  return { y: row(rows, luma), u: row(rows / 2, 128), v: row(rows / 2, 128) };
}

/** The H.265 part of a clip: the body moved one row of blocks down, and the clock in ready-coded pieces for that row. */
export async function h265Clip(
  streams: { body: Buffer; black: Buffer; full: Buffer },
  width: number,
  height: number,
  background: BandBackground,
  folder: string,
): Promise<Pick<Clip, 'parameterSets' | 'frames' | 'black' | 'pieces'>> {
  const setOf = (stream: Buffer, type: number): Buffer | undefined =>
    nalUnitsOf(stream).find((nal) => typeOf(nal) === type);
  const [vps, sps, pps] = [32, 33, 34].map((type) => setOf(streams.full, type));
  const bodyPps = setOf(streams.body, 34);
  if (vps === undefined || sps === undefined || pps === undefined || bodyPps === undefined)
    throw new Error('demo site: FFmpeg wrote no H.265 parameter sets');
  if (!bodyPps.equals(pps))
    throw new Error(
      'demo site: the encoder chose other picture parameters for the body than for the whole picture',
    );
  const context = readH265Context(sps, pps);
  const layout = bandLayout(width, height, 'h265');
  const pieces = new Map([
    ...(await clockPieces('', layout, background, context, folder)),
    ...(await clockPieces('black ', layout, plain(layout.height, 16), context, folder)),
    ...(await stillPieces(layout, context, folder)),
  ]);
  return {
    parameterSets: [vps, sps, pps],
    frames: framesOf(streams.body, context),
    black: framesOf(streams.black, context),
    pieces,
  };
}
