import { escapeNal, unescapeNal } from './annex-b.ts';
import { BitReader } from './bit-reader.ts';
import { BitWriter } from './bit-writer.ts';

/** What of SPS and PPS is needed to read and write our encoder's slice headers. */
export interface H265SliceContext {
  pocLsbBits: number;
  addressBits: number;
  widthCtbs: number;
  cabacInitPresent: boolean;
  chromaOffsetsPresent: boolean;
  loopFilterAcross: boolean;
  deblockingOverride: boolean;
  deblockingDisabled: boolean;
}

/** A slice taken out of its picture: it can stand anywhere in another picture of the same parameters. */
export interface H265Piece {
  /** 1 is P, 2 is I. */
  sliceType: number;
  /** Header bits after the reference picture set and before the loop filter flag. */
  tail: number[];
  /** Slice data, unescaped, whole bytes. */
  data: Uint8Array;
}

/** What all slices of one picture say alike. */
export interface H265PictureHead {
  nalType: number;
  /** Picture order count and reference picture set, as bits from the highest. */
  setBits: number;
  setCount: number;
}

function need(condition: boolean, what: string): void {
  if (!condition) throw new Error(`demo site: the encoder's H.265 stream is not as asked for: ${what}`);
}

function readSps(sps: Uint8Array): { pocLsbBits: number; width: number; height: number; ctbLog2: number } {
  const r = new BitReader(unescapeNal(sps), 16);
  r.bits(4);
  need(r.bits(3) === 0, 'sub-layers');
  r.bits(1 + 96);
  r.ue();
  need(r.ue() === 1, 'chroma format');
  const width = r.ue();
  const height = r.ue();
  if (r.bit() === 1) for (let i = 0; i < 4; i += 1) r.ue();
  r.ue();
  r.ue();
  const pocLsbBits = r.ue() + 4;
  r.bit();
  for (let i = 0; i < 3; i += 1) r.ue();
  const minLog2 = r.ue() + 3;
  const ctbLog2 = minLog2 + r.ue();
  for (let i = 0; i < 4; i += 1) r.ue();
  need(r.bit() === 0, 'scaling lists');
  r.bit();
  need(r.bit() === 0, 'sample adaptive offset');
  need(r.bit() === 0, 'PCM');
  need(r.ue() === 0, 'reference sets in the SPS');
  need(r.bit() === 0, 'long-term references');
  need(r.bit() === 0, 'temporal motion vectors');
  return { pocLsbBits, width, height, ctbLog2 };
}

function readPps(pps: Uint8Array): Omit<H265SliceContext, 'pocLsbBits' | 'addressBits' | 'widthCtbs'> {
  const r = new BitReader(unescapeNal(pps), 16);
  r.ue();
  r.ue();
  need(r.bit() === 0, 'dependent slices');
  need(r.bit() === 0, 'output flags');
  need(r.bits(3) === 0, 'extra slice header bits');
  r.bit();
  const cabacInitPresent = r.bit() === 1;
  need(r.ue() === 0, 'reference count');
  r.ue();
  r.se();
  r.bits(2);
  if (r.bit() === 1) r.ue();
  r.se();
  r.se();
  const chromaOffsetsPresent = r.bit() === 1;
  need(r.bits(2) === 0, 'weighted prediction');
  r.bit();
  need(r.bit() === 0, 'tiles');
  need(r.bit() === 0, 'wavefronts');
  const loopFilterAcross = r.bit() === 1;
  const deblockingControl = r.bit() === 1;
  const deblockingOverride = deblockingControl && r.bit() === 1;
  const deblockingDisabled = deblockingControl && r.bit() === 1;
  return { cabacInitPresent, chromaOffsetsPresent, loopFilterAcross, deblockingOverride, deblockingDisabled };
}

/** Reads SPS and PPS (H.265 7.3.2.2, 7.3.2.3); throws when the encoder used tools that slices cannot be moved with. */
export function readH265Context(sps: Uint8Array, pps: Uint8Array): H265SliceContext {
  const { pocLsbBits, width, height, ctbLog2 } = readSps(sps);
  const widthCtbs = Math.ceil(width / 2 ** ctbLog2);
  const heightCtbs = Math.ceil(height / 2 ** ctbLog2);
  const addressBits = Math.ceil(Math.log2(widthCtbs * heightCtbs));
  return { pocLsbBits, addressBits, widthCtbs, ...readPps(pps) };
}

const isIrap = (nalType: number): boolean => nalType >= 16 && nalType <= 23;
const isIdr = (nalType: number): boolean => nalType === 19 || nalType === 20;

function skipPictureSet(r: BitReader, context: H265SliceContext): void {
  r.bits(context.pocLsbBits);
  need(r.bit() === 0, 'reference set from the SPS');
  const negative = r.ue();
  need(r.ue() === 0, 'later reference pictures');
  for (let i = 0; i < negative; i += 1) {
    r.ue();
    r.bit();
  }
}

function skipTail(r: BitReader, context: H265SliceContext, sliceType: number): boolean {
  if (sliceType === 1) {
    if (r.bit() === 1) need(r.ue() === 0, 'reference count');
    if (context.cabacInitPresent) r.bit();
    r.ue();
  }
  r.se();
  if (context.chromaOffsetsPresent) {
    r.se();
    r.se();
  }
  const disabled = context.deblockingDisabled;
  if (context.deblockingOverride) need(r.bit() === 0, 'deblocking by slice');
  return disabled;
}

/** Takes the only slice of a picture apart (H.265 7.3.6.1). */
export function takeSlice(
  nal: Uint8Array,
  context: H265SliceContext,
): { head: H265PictureHead; piece: H265Piece } {
  const bytes = unescapeNal(nal);
  const nalType = (bytes[0]! >> 1) & 63;
  const r = new BitReader(bytes, 16);
  need(r.bit() === 1, 'more than one slice');
  if (isIrap(nalType)) r.bit();
  r.ue();
  const sliceType = r.ue();
  const setAt = r.at;
  if (!isIdr(nalType)) skipPictureSet(r, context);
  const setCount = r.at - setAt;
  const tailAt = r.at;
  const disabled = skipTail(r, context, sliceType);
  const tailEnd = r.at;
  if (context.loopFilterAcross && !disabled) r.bit();
  need(r.bit() === 1, 'slice header extension');
  const dataAt = (r.at + 7) >> 3;
  const bitsOf = (from: number, to: number): number[] =>
    Array.from({ length: to - from }, (_, i) => new BitReader(bytes, from + i).bit());
  const setBits = bitsOf(setAt, setAt + setCount).reduce((value, bit) => value * 2 + bit, 0);
  return {
    head: { nalType, setBits, setCount },
    piece: { sliceType, tail: bitsOf(tailAt, tailEnd), data: bytes.subarray(dataAt) },
  };
}

/** Puts a piece into a picture at a coding tree block; loop filters stay within the piece. */
export function placeSlice(
  piece: H265Piece,
  head: H265PictureHead,
  context: H265SliceContext,
  address: number,
): Buffer {
  const w = new BitWriter();
  w.bits((head.nalType << 9) | 1, 16);
  w.bit(address === 0 ? 1 : 0);
  if (isIrap(head.nalType)) w.bit(0);
  w.ue(0);
  if (address !== 0) w.bits(address, context.addressBits);
  w.ue(piece.sliceType);
  w.bits(head.setBits, head.setCount);
  for (const bit of piece.tail) w.bit(bit);
  if (context.loopFilterAcross && !context.deblockingDisabled) w.bit(0);
  return escapeNal(Buffer.concat([w.finishRbsp(), piece.data]));
}
