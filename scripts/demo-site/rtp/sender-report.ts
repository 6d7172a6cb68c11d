const ntpEpochSec = 2_208_988_800;

/** An RTCP sender report with an SDES CNAME (RFC 3550 6.4.1, 6.5): the wall clock and the RTP time of the same moment. */
export function senderReport(report: {
  ssrc: number;
  wallMs: number;
  rtpTime: number;
  packets: number;
  octets: number;
  cname: string;
}): Buffer {
  const name = Buffer.from(report.cname, 'utf8').subarray(0, 255);
  const sdesBytes = Math.ceil((4 + 4 + 2 + name.length + 1) / 4) * 4;
  const out = Buffer.alloc(28 + sdesBytes);
  out[0] = 0x80;
  out[1] = 200;
  out.writeUInt16BE(6, 2);
  out.writeUInt32BE(report.ssrc, 4);
  out.writeUInt32BE((Math.floor(report.wallMs / 1000) + ntpEpochSec) % 4294967296, 8);
  out.writeUInt32BE(Math.floor(((report.wallMs % 1000) / 1000) * 4294967296), 12);
  out.writeUInt32BE(report.rtpTime % 4294967296, 16);
  out.writeUInt32BE(report.packets % 4294967296, 20);
  out.writeUInt32BE(report.octets % 4294967296, 24);
  out[28] = 0x81;
  out[29] = 202;
  out.writeUInt16BE(sdesBytes / 4 - 1, 30);
  out.writeUInt32BE(report.ssrc, 32);
  out[36] = 1;
  out[37] = name.length;
  name.copy(out, 38);
  return out;
}
