const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const END = Buffer.from([0xff, EOI]);

/**
 * Whether the bytes are exactly one JPEG (ITU-T T.81, annex B), the beginning of one, or something else. In the data
 * behind SOS a byte 0xff is followed by zero or a restart marker: the first EOI there is the picture's end.
 */
export function oneJpeg(bytes: Buffer): 'whole' | 'part' | 'other' {
  if (bytes.length >= 2 && (bytes[0] !== 0xff || bytes[1] !== SOI)) return 'other';
  for (let at = 2; at + 4 <= bytes.length;) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker < 0xc0 || marker === SOI || marker === EOI) return 'other';
    at += 2 + Math.max(2, bytes.readUInt16BE(at + 2));
    if (marker !== SOS) continue;
    const end = bytes.indexOf(END, at);
    if (end < 0) return 'part';
    return end + END.length === bytes.length ? 'whole' : 'other';
  }
  return 'part';
}
