import type { ReceptionBlock } from './reception.ts';

const VERSION_2 = 0x80;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const CNAME = 1;
const REPORT_BYTES = 32;

/** Who reports: one synchronization source for each track, one name for all of them. */
export interface Reporter {
  ssrc: number;
  /** ASCII, at most 255 characters (RFC 7022). */
  cname: string;
}

/** A compound RTCP packet of a receiver report and the name that must come with it (RFC 3550 sections 6.4.2 and 6.5). */
export function writeReceiverReport({ ssrc, cname }: Reporter, block: ReceptionBlock): Buffer {
  const name = Buffer.from(cname, 'latin1').subarray(0, 255);
  // A chunk ends with at least one zero, at a multiple of four bytes.
  const chunkBytes = (4 + 2 + name.length + 4) & ~3;
  const packet = Buffer.alloc(REPORT_BYTES + 4 + chunkBytes);
  writeHead(packet, 0, RECEIVER_REPORT, REPORT_BYTES);
  packet.writeUInt32BE(ssrc, 4);
  packet.writeUInt32BE(block.ssrc, 8);
  packet[12] = block.fractionLost;
  packet.writeIntBE(block.packetsLost, 13, 3);
  packet.writeUInt32BE(block.highestSequence, 16);
  packet.writeUInt32BE(block.jitter, 20);
  packet.writeUInt32BE(block.lastReport, 24);
  packet.writeUInt32BE(block.sinceLastReport, 28);
  writeHead(packet, REPORT_BYTES, SOURCE_DESCRIPTION, 4 + chunkBytes);
  packet.writeUInt32BE(ssrc, REPORT_BYTES + 4);
  packet[REPORT_BYTES + 8] = CNAME;
  packet[REPORT_BYTES + 9] = name.length;
  name.copy(packet, REPORT_BYTES + 10);
  return packet;
}

function writeHead(packet: Buffer, at: number, type: number, bytes: number): void {
  packet[at] = VERSION_2 | 1;
  packet[at + 1] = type;
  packet.writeUInt16BE(bytes / 4 - 1, at + 2);
}
