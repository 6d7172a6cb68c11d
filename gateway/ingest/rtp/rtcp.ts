/** A sender report (RFC 3550 section 6.4.1): the wall-clock time of an RTP timestamp by the camera's clock. */
export interface SenderReport {
  ssrc: number;
  ntpMs: number;
  /** The middle 32 bits of the NTP time, by which a receiver report names this one. */
  ntpMiddle: number;
  rtpTimestamp: number;
}

/** What a compound RTCP packet says that matters here. */
export interface RtcpReading {
  report: SenderReport | null;
  bye: boolean;
}

const SENDER_REPORT = 200;
const BYE = 203;
/** Seconds from 1900 to 1970. */
const NTP_TO_UNIX_SEC = 2_208_988_800;
const FRACTION = 2 ** 32;

/** Reads the compound packet in `buffer[start…end)`; stops at the first part that is cut or of another version. */
export function parseRtcp(buffer: Buffer, start: number, end: number): RtcpReading {
  const reading: RtcpReading = { report: null, bye: false };
  let at = start;
  while (at + 4 <= end && (buffer[at] ?? 0) >> 6 === 2) {
    const type = buffer[at + 1];
    const next = at + 4 + buffer.readUInt16BE(at + 2) * 4;
    if (next > end) break;
    if (type === SENDER_REPORT && next - at >= 28) reading.report = readSenderReport(buffer, at);
    else if (type === BYE) reading.bye = true;
    at = next;
  }
  return reading;
}

function readSenderReport(buffer: Buffer, at: number): SenderReport | null {
  const seconds = buffer.readUInt32BE(at + 8);
  const fraction = buffer.readUInt32BE(at + 12);
  // Zero means that the sender knows no wall-clock time.
  if (seconds === 0) return null;
  return {
    ssrc: buffer.readUInt32BE(at + 4),
    ntpMs: (seconds - NTP_TO_UNIX_SEC) * 1000 + (fraction / FRACTION) * 1000,
    ntpMiddle: buffer.readUInt32BE(at + 10),
    rtpTimestamp: buffer.readUInt32BE(at + 16),
  };
}
