import type { YuvPicture } from '../picture/clock-band.ts';
import { escapeNal } from './annex-b.ts';
import { BitWriter } from './bit-writer.ts';
import { writeSliceHead, type H264SliceContext, type H264SliceHead } from './h264-slice.ts';

/** mb_type of I_PCM in an I slice (Table 7-11); in a P slice it is 5 more. */
const pcmType = 25;

function eachRow(
  picture: YuvPicture,
  mbX: number,
  mbY: number,
  visit: (plane: Uint8Array, at: number, size: number) => void,
): void {
  for (let row = 0; row < 16; row += 1) visit(picture.y, (mbY * 16 + row) * picture.width + mbX * 16, 16);
  const half = picture.width / 2;
  for (const plane of [picture.u, picture.v]) {
    for (let row = 0; row < 8; row += 1) visit(plane, (mbY * 8 + row) * half + mbX * 8, 8);
  }
}

function repeatsLeft(picture: YuvPicture, mbX: number, mbY: number): boolean {
  if (mbX === 0) return false;
  let same = true;
  eachRow(picture, mbX, mbY, (plane, at, size) => {
    const left = plane[at - 1];
    for (let i = 0; i < size && same; i += 1) same = plane[at + i] === left;
  });
  return same;
}

function unchanged(picture: YuvPicture, before: YuvPicture, mbX: number, mbY: number): boolean {
  let same = true;
  eachRow(picture, mbX, mbY, (plane, at, size) => {
    const old = plane === picture.y ? before.y : plane === picture.u ? before.u : before.v;
    for (let i = 0; i < size && same; i += 1) same = plane[at + i] === old[at + i];
  });
  return same;
}

function writePcm(w: BitWriter, picture: YuvPicture, mbX: number, mbY: number): void {
  w.alignZero();
  eachRow(picture, mbX, mbY, (plane, at, size) => w.raw(plane.subarray(at, at + size)));
}

function startSlice(head: H264SliceHead, context: H264SliceContext): BitWriter {
  const w = new BitWriter();
  w.bits(head.nalHeader, 8);
  writeSliceHead(w, head, context, 0);
  w.se(0);
  if (context.deblockingControl) w.ue(1);
  return w;
}

/** Number of coefficients the neighbour of a block is taken to have: 16 for I_PCM, 0 for our predicted blocks, −1 none. */
function coeffTokenForNone(left: number, above: number): [number, number] {
  const count = left >= 0 && above >= 0 ? (left + above + 1) >> 1 : Math.max(0, left, above);
  return count >= 8 ? [3, 6] : count >= 4 ? [15, 4] : count >= 2 ? [3, 2] : [1, 1];
}

/** The whole band as an intra slice: text as I_PCM, plain parts predicted from the left; both exact to the sample. */
export function wholeClockSlice(picture: YuvPicture, head: H264SliceHead, context: H264SliceContext): Buffer {
  const w = startSlice(head, context);
  const columns = picture.width / 16;
  const rows = picture.height / 16;
  const counts = new Int8Array(columns * rows);
  for (let mbY = 0; mbY < rows; mbY += 1) {
    for (let mbX = 0; mbX < columns; mbX += 1) {
      const at = mbY * columns + mbX;
      if (!repeatsLeft(picture, mbX, mbY)) {
        w.ue(pcmType);
        writePcm(w, picture, mbX, mbY);
        counts[at] = 16;
        continue;
      }
      w.ue(2); // I_16x16_1_0_0: horizontal prediction, nothing coded
      w.ue(1); // chroma: horizontal
      w.se(0);
      const [code, length] = coeffTokenForNone(
        mbX > 0 ? counts[at - 1]! : -1,
        mbY > 0 ? counts[at - columns]! : -1,
      );
      w.bits(code, length);
    }
  }
  return escapeNal(w.finishRbsp());
}

/** The band as a P slice: what differs from the picture before as I_PCM, the rest skipped. */
export function changedClockSlice(
  picture: YuvPicture,
  before: YuvPicture,
  head: H264SliceHead,
  context: H264SliceContext,
): Buffer {
  const w = startSlice(head, context);
  const columns = picture.width / 16;
  const count = columns * (picture.height / 16);
  let skipped = 0;
  for (let mb = 0; mb < count; mb += 1) {
    const mbX = mb % columns;
    const mbY = Math.floor(mb / columns);
    if (unchanged(picture, before, mbX, mbY)) {
      skipped += 1;
      continue;
    }
    w.ue(skipped);
    skipped = 0;
    w.ue(5 + pcmType);
    writePcm(w, picture, mbX, mbY);
  }
  if (skipped > 0) w.ue(skipped);
  return escapeNal(w.finishRbsp());
}
