import { BitReader } from './bit-reader.ts';
import { depacketizeH265 } from './h265-depacketizer.ts';
import { parseH265Sps } from './h265-sps.ts';
import { decodeSprop } from './video-rules.ts';
import type { ParameterSetKind, VideoRules } from './video-rules.ts';

const LAST_SLICE = 31;
const RASL_N = 8;
const RASL_R = 9;
const FIRST_IRAP = 16;
const LAST_IRAP = 21;
const VPS = 32;
const SPS = 33;
const PPS = 34;
const DELIMITER = 35;
const FILLER = 38;

const KINDS: Readonly<Record<number, ParameterSetKind>> = { [VPS]: 'vps', [SPS]: 'sps', [PPS]: 'pps' };

/** H.265, NAL unit types of ITU-T H.265 table 7-1. */
export const h265Rules: VideoRules = {
  codec: 'h265',
  depacketize: depacketizeH265,
  typeOf: (firstByte) => (firstByte >> 1) & 0x3f,
  isSlice: (type) => type <= LAST_SLICE,
  isKeySlice: (type) => type >= FIRST_IRAP && type <= LAST_IRAP,
  isRecoveryPoint: () => false,
  isSkippedAfterStart: (type) => type === RASL_N || type === RASL_R,
  beginsUnit: (type) => type === DELIMITER || type === VPS,
  // first_slice_segment_in_pic_flag is the first bit behind the header.
  isFirstSlice: (unit, nal) => (unit.byteAt(nal, 2) & 0x80) !== 0,
  parameterSetOf: (type) => KINDS[type],
  parameterSetId: (kind, nal) => {
    if (kind === 'vps') return (nal[2] ?? 0) >> 4;
    // An SPS has its id behind profile and level; cameras use one at a time, so all count as the same.
    return kind === 'sps' ? 0 : new BitReader(nal.subarray(2, 16)).unsigned();
  },
  keeps: (type) => (type < VPS || type > DELIMITER) && type !== FILLER,
  required: ['vps', 'sps', 'pps'],
  readSps: parseH265Sps,
  fromSdp: (parameters) =>
    ['sprop-vps', 'sprop-sps', 'sprop-pps'].flatMap((name) => decodeSprop(parameters.get(name))),
};
