import type { AccessUnit, NalRange } from './access-unit.ts';
import { BitReader, withoutEmulationPrevention } from './bit-reader.ts';

const LAST_SLICE = 5;
const SEI = 6;
const RECOVERY_POINT = 6;
const TRAILING_BITS = 0x80;
/** Enough for first_mb_in_slice and slice_type. */
const SLICE_HEAD_BYTES = 12;
const MAX_SEI_BYTES = 4096;
/** slice_type of I and SI, modulo 5 (ITU-T H.264 table 7-6). */
const INTRA = new Set([2, 4]);

/**
 * True for a picture of intra slices alone that a recovery point message (ITU-T H.264 section D.2.8) declares right from
 * itself on: what some cameras send in place of IDR pictures. A gradual refresh (recovery_frame_cnt above 0) is none.
 */
export function isH264RecoveryPoint(unit: AccessUnit): boolean {
  const told = unit.nals.some(
    (nal) => nal.type === SEI && nal.size <= MAX_SEI_BYTES && tellsRecovery(unit.copyNal(nal)),
  );
  return told && unit.nals.every((nal) => nal.type > LAST_SLICE || isIntra(unit, nal));
}

/** Reads the messages of an SEI NAL unit (section 7.3.2.3). */
function tellsRecovery(nal: Uint8Array): boolean {
  const bytes = withoutEmulationPrevention(nal.subarray(1));
  for (let at = 0; at < bytes.length && bytes[at] !== TRAILING_BITS;) {
    const type = readLongByte(bytes, at);
    const size = readLongByte(bytes, type.next);
    const body = bytes.subarray(size.next, size.next + size.value);
    if (type.value === RECOVERY_POINT && body.length > 0) return new BitReader(body).unsigned() === 0;
    at = size.next + size.value;
  }
  return false;
}

/** A number of bytes 255 and one other, which add up. */
function readLongByte(bytes: Uint8Array, from: number): { value: number; next: number } {
  let at = from;
  while (bytes[at] === 0xff) at += 1;
  return { value: (at - from) * 255 + (bytes[at] ?? 0), next: at + 1 };
}

function isIntra(unit: AccessUnit, nal: NalRange): boolean {
  const head = Uint8Array.from({ length: SLICE_HEAD_BYTES }, (_, index) => unit.byteAt(nal, index + 1));
  const bits = new BitReader(withoutEmulationPrevention(head));
  bits.unsigned(); // first_mb_in_slice
  return INTRA.has(bits.unsigned() % 5);
}
