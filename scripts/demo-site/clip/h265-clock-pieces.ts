import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ClockBand, type BandBackground, type BandLayout, type YuvPicture } from '../picture/clock-band.ts';
import { nalUnitsOf } from './annex-b.ts';
import { h265Encoder } from './encoder-arguments.ts';
import { ffmpegProgram } from './ffmpeg-program.ts';
import { takeSlice, type H265Piece, type H265SliceContext } from './h265-slice.ts';

/** Characters of clock text in one coding tree block. */
export const charsPerPiece = 4;

/** Stands before the text, so that it keeps off the picture's edge. */
export const blankPiece = '    ';

/** Blocks that hold the text: blank, `YYYY` `-MM-` `DD H` `H:MM` `:SS `. */
export const textPieces = 6;

/** A piece as bytes: slice type, count of header bits, the bits a byte each, the data. */
export const packPiece = (piece: H265Piece): Buffer =>
  Buffer.concat([Buffer.from([piece.sliceType, piece.tail.length, ...piece.tail]), piece.data]);

/** The reverse of `packPiece`. */
export function unpackPiece(bytes: Buffer): H265Piece {
  const tailEnd = 2 + bytes[1]!;
  return { sliceType: bytes[0]!, tail: [...bytes.subarray(2, tailEnd)], data: bytes.subarray(tailEnd) };
}

/** Every text that can stand in a piece: years 2000–2049, and all months, days, hours, minutes, seconds. */
export function pieceTexts(): string[] {
  const two = (n: number): string => String(n).padStart(2, '0');
  const upTo = (count: number, text: (n: number) => string): string[] =>
    Array.from({ length: count }, (_, n) => text(n));
  return [
    blankPiece,
    ...upTo(50, (n) => `20${two(n)}`),
    ...upTo(12, (n) => `-${two(n + 1)}-`),
    ...upTo(93, (n) => `${two(Math.floor(n / 3) + 1)} ${n % 3}`),
    ...upTo(600, (n) => `${Math.floor(n / 60)}:${two(n % 60)}`),
    ...upTo(60, (n) => `:${two(n)} `),
  ];
}

const bytesOf = (picture: YuvPicture): Buffer => Buffer.concat([picture.y, picture.u, picture.v]);

async function encoded(
  pictures: Buffer[],
  width: number,
  height: number,
  gop: number,
  folder: string,
): Promise<Buffer> {
  const raw = join(folder, 'pieces.yuv');
  const out = join(folder, 'pieces.h265');
  await writeFile(raw, Buffer.concat(pictures));
  const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', '25', '-i', raw];
  await promisify(execFile)(
    ffmpegProgram(),
    ['-v', 'error', '-nostdin', '-y', ...input, ...h265Encoder(gop, height), out],
    { timeout: 120_000 },
  );
  return readFile(out);
}

async function slicesOf(
  pictures: Buffer[],
  width: number,
  height: number,
  gop: number,
  folder: string,
  context: H265SliceContext,
): Promise<Buffer[]> {
  const stream = await encoded(pictures, width, height, gop, folder);
  const slices = nalUnitsOf(stream).filter((nal) => ((nal[0]! >> 1) & 63) < 32);
  if (slices.length !== pictures.length) throw new Error('demo site: FFmpeg lost pictures of the clock');
  return slices.map((nal) => packPiece(takeSlice(nal, context).piece));
}

/** Encodes all pieces of a clock band on the given background; names bear the prefix. */
export async function clockPieces(
  prefix: string,
  layout: BandLayout,
  background: BandBackground,
  context: H265SliceContext,
  folder: string,
): Promise<Map<string, Buffer>> {
  const size = layout.height;
  const restWidth = layout.width - textPieces * size;
  const band = new ClockBand({ ...layout, width: size }, background);
  const restBand = new ClockBand({ ...layout, width: restWidth }, background);
  const texts = pieceTexts();
  const cells = await slicesOf(
    texts.map((text) => bytesOf(band.paint(text))),
    size,
    size,
    1,
    folder,
    context,
  );
  const [rest] = await slicesOf([bytesOf(restBand.paint(''))], restWidth, size, 1, folder, context);
  const out = new Map(texts.map((text, i) => [`${prefix}${text}`, cells[i]!]));
  return out.set(`${prefix}rest`, rest!);
}

/** Encodes the pieces that repeat the picture before: one block wide, and the rest of the band. */
export async function stillPieces(
  layout: BandLayout,
  context: H265SliceContext,
  folder: string,
): Promise<Map<string, Buffer>> {
  const size = layout.height;
  const grey = (width: number): Buffer[] => [1, 2].map(() => Buffer.alloc((width * size * 3) / 2, 128));
  const restWidth = layout.width - textPieces * size;
  const [, one] = await slicesOf(grey(size), size, size, 50, folder, context);
  const [, rest] = await slicesOf(grey(restWidth), restWidth, size, 50, folder, context);
  return new Map([
    ['still', one!],
    ['stillRest', rest!],
  ]);
}
