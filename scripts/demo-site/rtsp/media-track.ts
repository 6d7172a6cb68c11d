import { randomBytes } from 'node:crypto';
import { rtpHeaderBytes, writeRtpHeader, type RtpPayload } from '../rtp/rtp-payload.ts';
import { senderReport } from '../rtp/sender-report.ts';
import type { PacketPath } from './packet-path.ts';

/** One track of one session: its own SSRC, sequence and time base. Lives from SETUP to the end of the session. */
export class MediaTrack {
  readonly path: PacketPath;
  readonly ssrc = randomBytes(4).readUInt32BE();
  private readonly payloadType: number;
  private readonly timeBase = randomBytes(4).readUInt32BE();
  private sequence = randomBytes(2).readUInt16BE();
  private packets = 0;
  private octets = 0;

  constructor(payloadType: number, path: PacketPath) {
    this.payloadType = payloadType;
    this.path = path;
  }

  get nextSequence(): number {
    return this.sequence & 0xffff;
  }

  /** The RTP time of a moment given in clock units. */
  rtpTime(units: number): number {
    return (this.timeBase + Math.round(units)) % 4294967296;
  }

  /** Sends payloads that belong to one moment; those that `passes` refuses are lost, as on a bad line. Gives the bytes sent. */
  send(payloads: readonly RtpPayload[], units: number, passes: (bytes: number) => boolean): number {
    const timestamp = this.rtpTime(units);
    const ready: Buffer[] = [];
    let bytes = 0;
    for (const { head, body, marker } of payloads) {
      const packet = Buffer.allocUnsafe(rtpHeaderBytes + head.length + body.length);
      const sequence = this.sequence;
      this.sequence = (this.sequence + 1) & 0xffff;
      if (!passes(packet.length)) continue;
      writeRtpHeader(packet, 0, {
        marker,
        payloadType: this.payloadType,
        sequence,
        timestamp,
        ssrc: this.ssrc,
      });
      head.copy(packet, rtpHeaderBytes);
      body.copy(packet, rtpHeaderBytes + head.length);
      ready.push(packet);
      bytes += packet.length;
      this.octets += head.length + body.length;
    }
    this.packets += ready.length;
    if (ready.length > 0) this.path.sendRtp(ready);
    return bytes;
  }

  /** Tells the receiver which RTP time the camera's clock stands at. */
  report(wallMs: number, units: number, cname: string): void {
    const { ssrc, packets, octets } = this;
    this.path.sendRtcp(senderReport({ ssrc, wallMs, rtpTime: this.rtpTime(units), packets, octets, cname }));
  }
}
