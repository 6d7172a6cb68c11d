import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DecodeTimes } from '../../gateway/ingest/rtp/decode-times.ts';
import { parseRtcp } from '../../gateway/ingest/rtp/rtcp.ts';
import { parseRtpPacket } from '../../gateway/ingest/rtp/rtp-packet.ts';
import { RtpTimeline } from '../../gateway/ingest/rtp/rtp-timeline.ts';
import { SequenceTracker } from '../../gateway/ingest/rtp/sequence-tracker.ts';
import { writeRtp } from '../support/rtp-writer.ts';

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));

test('a packet’s payload never lies outside the packet', () => {
  fc.assert(
    fc.property(bytes, fc.nat({ max: 3 }), (buffer, first) => {
      if (buffer.length > 0) buffer[0] = (buffer[0] ?? 0) | 0x80;
      const packet = parseRtpPacket(buffer, Math.min(first, buffer.length), buffer.length);
      if (!packet) return;
      expect(packet.payloadStart).toBeLessThanOrEqual(packet.payloadEnd);
      expect(packet.payloadEnd).toBeLessThanOrEqual(buffer.length);
    }),
    { numRuns: 2000 },
  );
});

test('what is written reads back the same', () => {
  const fields = fc.record({
    sequence: fc.nat({ max: 0xffff }),
    timestamp: fc.nat({ max: 0xffffffff }),
    marker: fc.boolean(),
    payloadType: fc.nat({ max: 127 }),
    ssrc: fc.nat({ max: 0xffffffff }),
    payload: bytes,
  });
  fc.assert(
    fc.property(fields, (from) => {
      const packet = writeRtp(from);
      const { payload, ...head } = from;
      expect(parseRtpPacket(packet, 0, packet.length)).toEqual({
        ...head,
        payloadStart: 12,
        payloadEnd: 12 + payload.length,
      });
    }),
  );
});

test('any RTCP bytes are read to an end', () => {
  fc.assert(
    fc.property(bytes, (buffer) => {
      const { report } = parseRtcp(buffer, 0, buffer.length);
      if (report) expect(Number.isFinite(report.ntpMs)).toBe(true);
    }),
  );
});

test('whatever the camera’s clock does, decode times grow and sequence numbers are followed', () => {
  const packet = fc.record({
    timestamp: fc.nat({ max: 0xffffffff }),
    sequence: fc.nat({ max: 0xffff }),
    waitMs: fc.nat({ max: 60_000 }),
  });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 60 }), fc.nat({ max: 16 }), (packets, depth) => {
      const timeline = new RtpTimeline(90000);
      const tracker = new SequenceTracker();
      const times = new DecodeTimes(depth, 3600);
      let nowMs = 0;
      let last = Number.NEGATIVE_INFINITY;
      for (const { timestamp, sequence, waitMs } of packets) {
        nowMs += waitMs;
        expect(tracker.accept(sequence)).toBeLessThan(0x10000);
        const dts = times.next(timeline.extend(timestamp, nowMs));
        expect(dts).toBeGreaterThan(last);
        expect(Number.isSafeInteger(dts)).toBe(true);
        last = dts;
      }
    }),
    { numRuns: 300 },
  );
});
