/** Header of one RTP packet (RFC 3550 section 5.1); the payload is `buffer[payloadStart…payloadEnd)`. */
export interface RtpPacket {
  marker: boolean;
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  payloadStart: number;
  payloadEnd: number;
}

const FIXED_BYTES = 12;

/** Reads the RTP packet in `buffer[start…end)`; undefined when it is none. Copies nothing. */
export function parseRtpPacket(buffer: Buffer, start: number, end: number): RtpPacket | undefined {
  if (end - start < FIXED_BYTES) return undefined;
  const first = buffer[start] ?? 0;
  if (first >> 6 !== 2) return undefined;
  const second = buffer[start + 1] ?? 0;
  let payloadStart = start + FIXED_BYTES + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (payloadStart + 4 > end) return undefined;
    payloadStart += 4 + buffer.readUInt16BE(payloadStart + 2) * 4;
  }
  const padding = first & 0x20 ? (buffer[end - 1] ?? 0) : 0;
  const payloadEnd = end - padding;
  if (payloadStart > payloadEnd) return undefined;
  return {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequence: ((buffer[start + 2] ?? 0) << 8) | (buffer[start + 3] ?? 0),
    timestamp: buffer.readUInt32BE(start + 4),
    ssrc: buffer.readUInt32BE(start + 8),
    payloadStart,
    payloadEnd,
  };
}
