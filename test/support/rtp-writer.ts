/** Fields of a packet to write; the rest has plain values. */
export interface RtpFields {
  sequence: number;
  timestamp: number;
  payload: Uint8Array;
  marker?: boolean;
  payloadType?: number;
  ssrc?: number;
}

/** One RTP packet, RFC 3550 section 5.1. */
export function writeRtp(fields: RtpFields): Buffer {
  const { sequence, timestamp, payload, marker = false, payloadType = 96, ssrc = 0x1234 } = fields;
  const head = Buffer.alloc(12);
  head[0] = 0x80;
  head[1] = (marker ? 0x80 : 0) | payloadType;
  head.writeUInt16BE(sequence & 0xffff, 2);
  head.writeUInt32BE(timestamp >>> 0, 4);
  head.writeUInt32BE(ssrc, 8);
  return Buffer.concat([head, payload]);
}

/** The same behind `$`, channel and length, RFC 2326 section 10.12. */
export function interleaved(channel: number, packet: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0x24, channel, packet.length >> 8, packet.length & 0xff]), packet]);
}

/** A sender report, RFC 3550 section 6.4.1. */
export function writeSenderReport(unixMs: number, rtpTimestamp: number): Buffer {
  const report = Buffer.alloc(28);
  report[0] = 0x80;
  report[1] = 200;
  report.writeUInt16BE(6, 2);
  report.writeUInt32BE(0x1234, 4);
  report.writeUInt32BE(Math.floor(unixMs / 1000) + 2_208_988_800, 8);
  report.writeUInt32BE(Math.floor(((unixMs % 1000) / 1000) * 2 ** 32), 12);
  report.writeUInt32BE(rtpTimestamp >>> 0, 16);
  return report;
}
