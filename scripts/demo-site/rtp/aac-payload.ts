import type { RtpPayload } from './rtp-payload.ts';

/** Packs one AAC frame after RFC 3640, mode AAC-hbr: a 16-bit headers length, then size (13 bits) and index (3 bits). */
export function aacPayload(frame: Buffer): RtpPayload {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(16, 0);
  head.writeUInt16BE((frame.length << 3) & 0xffff, 2);
  return { head, body: frame, marker: true };
}
