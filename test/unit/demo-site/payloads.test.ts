import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aacPayload } from '../../../scripts/demo-site/rtp/aac-payload.ts';
import { h264Payloads } from '../../../scripts/demo-site/rtp/h264-payloads.ts';
import { h265Payloads } from '../../../scripts/demo-site/rtp/h265-payloads.ts';
import { maxPayloadBytes, type RtpPayload } from '../../../scripts/demo-site/rtp/rtp-payload.ts';
import { senderReport } from '../../../scripts/demo-site/rtp/sender-report.ts';

const joined = ({ head, body }: RtpPayload): Buffer => Buffer.concat([head, body]);

/** Puts FU-A packets (RFC 6184 5.8) together again. */
function h264Nals(payloads: RtpPayload[]): Buffer[] {
  const out: Buffer[] = [];
  for (const packet of payloads.map(joined)) {
    if ((packet[0]! & 31) !== 28) out.push(packet);
    else if ((packet[1]! & 0x80) !== 0)
      out.push(Buffer.concat([Buffer.from([(packet[0]! & 0xe0) | (packet[1]! & 31)]), packet.subarray(2)]));
    else out.push(Buffer.concat([out.pop()!, packet.subarray(2)]));
  }
  return out;
}

/** Puts fragmentation units (RFC 7798 4.4.3) together again. */
function h265Nals(payloads: RtpPayload[]): Buffer[] {
  const out: Buffer[] = [];
  for (const packet of payloads.map(joined)) {
    if (((packet[0]! >> 1) & 63) !== 49) out.push(packet);
    else if ((packet[2]! & 0x80) !== 0) {
      const head = Buffer.from([(packet[0]! & 0x81) | ((packet[2]! & 63) << 1), packet[1]!]);
      out.push(Buffer.concat([head, packet.subarray(3)]));
    } else out.push(Buffer.concat([out.pop()!, packet.subarray(3)]));
  }
  return out;
}

const bytes = (minLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ minLength, maxLength: 6000, size: 'max' }).map((array) => Buffer.from(array));

describe('the demo site packs coded pictures into RTP', () => {
  it('H.264 units come out of single packets and FU-A as they went in', () => {
    const nal = bytes(2).map((b) => Buffer.concat([Buffer.from([0x65]), b]));
    fc.assert(
      fc.property(fc.array(nal, { minLength: 1, maxLength: 4 }), (nals) => {
        const payloads = h264Payloads(nals);
        expect(h264Nals(payloads)).toEqual(nals);
        expect(payloads.every((payload) => joined(payload).length <= maxPayloadBytes)).toBe(true);
        expect(payloads.map(({ marker }) => marker)).toEqual(
          payloads.map((_, i) => i === payloads.length - 1),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('H.265 units come out of single packets and fragments as they went in', () => {
    const nal = bytes(3).map((b) => Buffer.concat([Buffer.from([0x26, 0x01]), b]));
    fc.assert(
      fc.property(fc.array(nal, { minLength: 1, maxLength: 4 }), (nals) => {
        const payloads = h265Payloads(nals);
        expect(h265Nals(payloads)).toEqual(nals);
        expect(payloads.filter(({ marker }) => marker)).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
  });

  it('an AAC frame bears its size in 13 bits (RFC 3640 AAC-hbr)', () => {
    const { head, body, marker } = aacPayload(Buffer.alloc(371));
    expect([head.readUInt16BE(0), head.readUInt16BE(2) >> 3, body.length, marker]).toEqual([
      16,
      371,
      371,
      true,
    ]);
  });

  it('a sender report names the wall clock in NTP time and is a whole number of words', () => {
    const report = senderReport({
      ssrc: 7,
      wallMs: 500,
      rtpTime: 90_000,
      packets: 3,
      octets: 4,
      cname: 'camera',
    });
    expect(report.length % 4).toBe(0);
    expect([report[1], report.readUInt32BE(8), report.readUInt32BE(12), report.readUInt32BE(16)]).toEqual([
      200, 2_208_988_800, 0x80000000, 90_000,
    ]);
    expect(28 + (report.readUInt16BE(30) + 1) * 4).toBe(report.length);
  });
});
