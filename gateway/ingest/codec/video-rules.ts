import type { VideoCodec } from '../media.ts';
import type { AccessUnit, NalRange } from './access-unit.ts';
import type { SpsReading } from './sps-reading.ts';

/** Which of the three parameter sets a NAL unit is. */
export type ParameterSetKind = 'vps' | 'sps' | 'pps';

/** What the receiver must know of a video codec; one constant object each for H.264 and H.265. */
export interface VideoRules {
  codec: VideoCodec;
  depacketize(buffer: Buffer, start: number, end: number, unit: AccessUnit): boolean;
  /** Type of the NAL unit by its first byte. */
  typeOf(firstByte: number): number;
  /** True for NAL units that hold a picture or part of one. */
  isSlice(type: number): boolean;
  /** True for slices of a picture that decoding can start at. */
  isKeySlice(type: number): boolean;
  /** True for a picture without such slices that decoding can start at all the same (H.264 recovery points). */
  isRecoveryPoint(unit: AccessUnit): boolean;
  /** True for pictures that cannot be decoded when decoding started at the key frame just before (H.265 RASL). */
  isSkippedAfterStart(type: number): boolean;
  /** True for the NAL units that stand first in an access unit: after a loss they prove that its start is here. */
  beginsUnit(type: number): boolean;
  /** True when the slice is the first of its picture. */
  isFirstSlice(unit: AccessUnit, nal: NalRange): boolean;
  parameterSetOf(type: number): ParameterSetKind | undefined;
  /** The identifier of a parameter set, by which a later one takes its place. */
  parameterSetId(kind: ParameterSetKind, nal: Uint8Array): number;
  /** True for NAL units that belong into a sample. */
  keeps: (type: number) => boolean;
  /** Kinds without which nothing can be decoded. */
  required: readonly ParameterSetKind[];
  readSps(nal: Uint8Array): SpsReading | undefined;
  /** Parameter sets told by the SDP (a=fmtp), NAL units without start code. */
  fromSdp(parameters: ReadonlyMap<string, string>): Uint8Array[];
}

/** NAL units of a comma-separated list in base64, without what is empty; a start code in front is cut off. */
export function decodeSprop(text: string | undefined): Uint8Array[] {
  return (text ?? '')
    .split(',')
    .map((part) => withoutStartCode(new Uint8Array(Buffer.from(part.trim(), 'base64'))))
    .filter((nal) => nal.length > 2);
}

function withoutStartCode(nal: Uint8Array): Uint8Array {
  const one = nal.indexOf(1);
  return (one === 2 || one === 3) && nal.subarray(0, one).every((byte) => byte === 0)
    ? nal.subarray(one + 1)
    : nal;
}
