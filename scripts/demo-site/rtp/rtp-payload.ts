/** The payload of one RTP packet: a small head made for it and a view of the coded data; sequence, time and SSRC are each session's own. */
export interface RtpPayload {
  head: Buffer;
  body: Buffer;
  marker: boolean;
}

/** Most payload bytes in a packet, so that it fits an Ethernet frame with room to spare. */
export const maxPayloadBytes = 1400;

/** Bytes of an RTP header without CSRCs (RFC 3550 5.1). */
export const rtpHeaderBytes = 12;

/** Writes an RTP header (RFC 3550 5.1) at an offset. */
export function writeRtpHeader(
  into: Buffer,
  at: number,
  packet: { marker: boolean; payloadType: number; sequence: number; timestamp: number; ssrc: number },
): void {
  into[at] = 0x80;
  into[at + 1] = (packet.marker ? 0x80 : 0) | packet.payloadType;
  into.writeUInt16BE(packet.sequence & 0xffff, at + 2);
  into.writeUInt32BE(packet.timestamp % 4294967296, at + 4);
  into.writeUInt32BE(packet.ssrc, at + 8);
}
