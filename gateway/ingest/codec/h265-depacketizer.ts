import type { AccessUnit } from './access-unit.ts';

const AGGREGATION = 48;
const FRAGMENTATION = 49;
const HEADER_BYTES = 2;
const START_BIT = 0x80;
const END_BIT = 0x40;

/**
 * Takes one RTP payload of H.265 (RFC 7798: single NAL unit, AP, FU; without DONL) into the access unit; false when it is
 * damaged or of a kind that is not known.
 */
export function depacketizeH265(buffer: Buffer, start: number, end: number, unit: AccessUnit): boolean {
  if (end - start <= HEADER_BYTES) return end === start;
  const type = typeOf(buffer[start] ?? 0);
  if (type === FRAGMENTATION) return takeFragment(buffer, start, end, unit);
  if (unit.fragmentOpen) return false;
  if (type === AGGREGATION) return takeAggregate(buffer, start + HEADER_BYTES, end, unit);
  if (type > FRAGMENTATION) return false;
  unit.addNal(type, buffer, start, end);
  return true;
}

function typeOf(firstByte: number): number {
  return (firstByte >> 1) & 0x3f;
}

function takeAggregate(buffer: Buffer, from: number, end: number, unit: AccessUnit): boolean {
  let at = from;
  while (at + 2 <= end) {
    const size = buffer.readUInt16BE(at);
    at += 2;
    if (size > end - at) return false;
    if (size > HEADER_BYTES) unit.addNal(typeOf(buffer[at] ?? 0), buffer, at, at + size);
    at += size;
  }
  return true;
}

function takeFragment(buffer: Buffer, start: number, end: number, unit: AccessUnit): boolean {
  if (end - start < HEADER_BYTES + 1) return false;
  const fragment = buffer[start + HEADER_BYTES] ?? 0;
  const type = fragment & 0x3f;
  if (fragment & START_BIT) {
    if (unit.fragmentOpen) return false;
    const high = ((buffer[start] ?? 0) & 0x81) | (type << 1);
    unit.beginFragments(type, HEADER_BYTES, (high << 8) | (buffer[start + 1] ?? 0));
  } else if (!unit.fragmentOpen) {
    return false;
  }
  unit.appendFragment(buffer, start + HEADER_BYTES + 1, end);
  if (fragment & END_BIT) unit.endFragments();
  return true;
}
