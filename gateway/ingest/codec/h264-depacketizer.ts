import type { AccessUnit } from './access-unit.ts';

const STAP_A = 24;
const FU_A = 28;
const START_BIT = 0x80;
const END_BIT = 0x40;

/**
 * Takes one RTP payload of H.264 (RFC 6184: single NAL unit, STAP-A, FU-A) into the access unit; false when it is damaged
 * or of a kind that packetization-mode 1 does not have.
 */
export function depacketizeH264(buffer: Buffer, from: number, end: number, unit: AccessUnit): boolean {
  const start = skipStartCode(buffer, from, end);
  if (start >= end) return true;
  const header = buffer[start] ?? 0;
  const type = header & 0x1f;
  if (type === FU_A) return takeFragment(buffer, start, end, unit);
  if (unit.fragmentOpen) return false;
  if (type === STAP_A) return takeAggregate(buffer, start + 1, end, unit);
  if (type === 0 || type > STAP_A) return false;
  unit.addNal(type, buffer, start, end);
  return true;
}

function takeAggregate(buffer: Buffer, from: number, end: number, unit: AccessUnit): boolean {
  let at = from;
  while (at + 2 <= end) {
    const size = buffer.readUInt16BE(at);
    at += 2;
    if (size > end - at) return false;
    if (size > 0) unit.addNal((buffer[at] ?? 0) & 0x1f, buffer, at, at + size);
    at += size;
  }
  return true;
}

function takeFragment(buffer: Buffer, start: number, end: number, unit: AccessUnit): boolean {
  if (end - start < 2) return false;
  const indicator = buffer[start] ?? 0;
  const fragment = buffer[start + 1] ?? 0;
  const type = fragment & 0x1f;
  if (fragment & START_BIT) {
    if (unit.fragmentOpen) return false;
    unit.beginFragments(type, 1, (indicator & 0xe0) | type);
  } else if (!unit.fragmentOpen) {
    return false;
  }
  unit.appendFragment(buffer, start + 2, end);
  if (fragment & END_BIT) unit.endFragments();
  return true;
}

/** Some cheap cameras leave the Annex B start code in the payload; a NAL header of 0 cannot be otherwise. */
export function skipStartCode(buffer: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && buffer[at] === 0) at += 1;
  return at > start && at - start >= 2 && buffer[at] === 1 ? at + 1 : start;
}
