import { BitReader } from './bit-reader.ts';
import { depacketizeH264 } from './h264-depacketizer.ts';
import { isH264RecoveryPoint } from './h264-recovery-point.ts';
import { parseH264Sps } from './h264-sps.ts';
import { decodeSprop } from './video-rules.ts';
import type { VideoRules } from './video-rules.ts';

const SLICE = 1;
const IDR = 5;
const SPS = 7;
const PPS = 8;
const DELIMITER = 9;
const FILLER = 12;
const SPS_EXTENSION = 13;

/** H.264, NAL unit types of ITU-T H.264 table 7-1. */
export const h264Rules: VideoRules = {
  codec: 'h264',
  depacketize: depacketizeH264,
  typeOf: (firstByte) => firstByte & 0x1f,
  isSlice: (type) => type >= SLICE && type <= IDR,
  isKeySlice: (type) => type === IDR,
  isRecoveryPoint: isH264RecoveryPoint,
  isSkippedAfterStart: () => false,
  beginsUnit: (type) => type === DELIMITER || type === SPS,
  // first_mb_in_slice is ue(v): its value is 0 when the first bit is 1.
  isFirstSlice: (unit, nal) => (unit.byteAt(nal, 1) & 0x80) !== 0,
  parameterSetOf: (type) => (type === SPS ? 'sps' : type === PPS ? 'pps' : undefined),
  parameterSetId: (kind, nal) => new BitReader(nal.subarray(kind === 'sps' ? 4 : 1, 16)).unsigned(),
  keeps: (type) => (type < SPS || type > DELIMITER) && type !== FILLER && type !== SPS_EXTENSION,
  required: ['sps', 'pps'],
  readSps: parseH264Sps,
  fromSdp: (parameters) => decodeSprop(parameters.get('sprop-parameter-sets')),
};
