import type { Clip } from '../clip/clip-file.ts';
import { blankPiece, charsPerPiece, textPieces, unpackPiece } from '../clip/h265-clock-pieces.ts';
import {
  placeSlice,
  readH265Context,
  type H265PictureHead,
  type H265SliceContext,
} from '../clip/h265-slice.ts';
import type { ClockSlices } from './clock-slices.ts';

/** The clock of an H.265 stream: put together of pieces that were encoded with the clip. */
export class H265ClockSlices implements ClockSlices {
  private readonly context: H265SliceContext;
  private readonly pieces: Map<string, Buffer>;
  private readonly prefix: string;

  constructor(clip: Clip, black: boolean) {
    this.context = readH265Context(clip.parameterSets[1]!, clip.parameterSets[2]!);
    this.pieces = clip.pieces;
    this.prefix = black ? 'black ' : '';
  }

  private place(name: string, address: number, head: Record<string, number>): Buffer {
    const bytes = this.pieces.get(name) ?? this.pieces.get(this.prefix + blankPiece);
    if (bytes === undefined) throw new Error(`demo site: the clip has no clock piece "${name}"`);
    return placeSlice(unpackPiece(bytes), head as unknown as H265PictureHead, this.context, address);
  }

  private cut(text: string): string[] {
    const padded = (blankPiece + text).padEnd(textPieces * charsPerPiece);
    return Array.from({ length: textPieces }, (_, i) =>
      padded.slice(i * charsPerPiece, (i + 1) * charsPerPiece),
    );
  }

  whole(text: string, head: Record<string, number>): Buffer[] {
    const cells = this.cut(text).map((part, i) => this.place(this.prefix + part, i, head));
    return [...cells, this.place(`${this.prefix}rest`, textPieces, head)];
  }

  changed(text: string, before: string, head: Record<string, number>): Buffer[] {
    const old = this.cut(before);
    const cells = this.cut(text).map((part, i) =>
      this.place(part === old[i] ? 'still' : this.prefix + part, i, head),
    );
    return [...cells, this.place('stillRest', textPieces, head)];
  }
}
