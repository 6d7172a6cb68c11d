import { escapeNal, unescapeNal } from './annex-b.ts';
import { BitReader } from './bit-reader.ts';
import { BitWriter } from './bit-writer.ts';

/** What of the SPS and PPS is needed to read our encoder's slice headers. */
export interface H264SliceContext {
  frameNumBits: number;
  deblockingControl: boolean;
}

/** The parts of a slice header that every slice of the picture repeats. */
export interface H264SliceHead {
  nalHeader: number;
  sliceType: number;
  frameNum: number;
  idrPicId: number;
}

function need(condition: boolean, what: string): void {
  if (!condition) throw new Error(`demo site: the encoder's H.264 stream is not as asked for: ${what}`);
}

/** Reads SPS and PPS (H.264 7.3.2.1, 7.3.2.2); throws when the encoder did not keep to CAVLC, frames, POC type 2. */
export function readH264Context(sps: Uint8Array, pps: Uint8Array): H264SliceContext {
  const s = new BitReader(unescapeNal(sps), 8);
  const profile = s.bits(8);
  s.bits(16);
  s.ue();
  need(profile < 100, 'profile above Main');
  const frameNumBits = s.ue() + 4;
  need(s.ue() === 2, 'picture order count type');
  const p = new BitReader(unescapeNal(pps), 8);
  p.ue();
  p.ue();
  need(p.bit() === 0, 'entropy coding');
  need(p.bit() === 0, 'field order');
  need(p.ue() === 0, 'slice groups');
  need(p.ue() === 0, 'reference pictures');
  p.ue();
  need(p.bits(3) === 0, 'weighted prediction');
  p.se();
  p.se();
  p.se();
  const deblockingControl = p.bit() === 1;
  p.bit();
  need(p.bit() === 0, 'redundant pictures');
  return { frameNumBits, deblockingControl };
}

function readHeadTo(r: BitReader, context: H264SliceContext, nalHeader: number): H264SliceHead {
  need(r.ue() === 0, 'more than one slice');
  const sliceType = r.ue();
  r.ue();
  const frameNum = r.bits(context.frameNumBits);
  const idr = (nalHeader & 31) === 5;
  const idrPicId = idr ? r.ue() : 0;
  if (sliceType % 5 === 0) {
    if (r.bit() === 1) need(r.ue() === 0, 'reference count');
    need(r.bit() === 0, 'reference reordering');
  }
  if (idr) r.bits(2);
  else need(r.bit() === 0, 'reference marking');
  return { nalHeader, sliceType, frameNum, idrPicId };
}

/** Writes a slice header (H.264 7.3.3) up to and without slice_qp_delta. */
export function writeSliceHead(
  w: BitWriter,
  head: H264SliceHead,
  context: H264SliceContext,
  firstMb: number,
): void {
  w.ue(firstMb);
  w.ue(head.sliceType);
  w.ue(0);
  w.bits(head.frameNum, context.frameNumBits);
  const idr = (head.nalHeader & 31) === 5;
  if (idr) w.ue(head.idrPicId);
  if (head.sliceType % 5 === 0) w.bits(0, 2);
  w.bits(0, idr ? 2 : 1);
}

/** Moves a picture's only slice down so that it starts at `firstMb`, and keeps its deblocking within itself. */
export function moveSlice(
  nal: Uint8Array,
  context: H264SliceContext,
  firstMb: number,
): { nal: Buffer; head: H264SliceHead } {
  const bytes = unescapeNal(nal);
  const r = new BitReader(bytes, 8);
  const head = readHeadTo(r, context, bytes[0]!);
  const w = new BitWriter();
  w.bits(head.nalHeader, 8);
  writeSliceHead(w, head, context, firstMb);
  w.se(r.se());
  if (context.deblockingControl) {
    const filter = r.ue();
    w.ue(filter === 0 ? 2 : filter);
    if (filter !== 1) {
      w.se(r.se());
      w.se(r.se());
    }
  }
  w.copy(bytes, r.at, r.stopBitAt());
  return { nal: escapeNal(w.finishRbsp()), head };
}
