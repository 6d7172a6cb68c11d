/** What a Range header asks of a body of known length: a part, the whole, or what is not there. */
export type ByteRange = { kind: 'part'; start: number; end: number } | { kind: 'whole' } | { kind: 'none' };

/**
 * RFC 9110 section 14: one range of bytes, `end` exclusive. Several ranges, other units and what is malformed are
 * ignored, as the RFC allows.
 */
export function byteRange(header: string | undefined, byteLength: number): ByteRange {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return { kind: 'whole' };
  if (first === '') {
    const start = Math.max(0, byteLength - Number(last));
    return start < byteLength ? { kind: 'part', start, end: byteLength } : { kind: 'none' };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return { kind: 'whole' };
  if (start >= byteLength) return { kind: 'none' };
  return { kind: 'part', start, end: last === '' ? byteLength : Math.min(byteLength, Number(last) + 1) };
}
