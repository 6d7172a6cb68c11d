import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DecodeTimes } from '../../gateway/ingest/rtp/decode-times.ts';
import { parseRtcp } from '../../gateway/ingest/rtp/rtcp.ts';
import { parseRtpPacket } from '../../gateway/ingest/rtp/rtp-packet.ts';
import { RtpTimeline } from '../../gateway/ingest/rtp/rtp-timeline.ts';
import { SequenceTracker } from '../../gateway/ingest/rtp/sequence-tracker.ts';
import { Reception } from '../../gateway/ingest/rtp/reception.ts';
import { writeReceiverReport } from '../../gateway/ingest/rtp/receiver-report.ts';
import { ReorderBuffer } from '../../gateway/ingest/rtp/reorder-buffer.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { writeRtp } from '../support/rtp-writer.ts';
import { fuzzRuns } from './support/fuzz-runs.ts';

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
    fuzzRuns(2000, 1 / 6),
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
    fuzzRuns(100, 1 / 6),
  );
});

test('any RTCP bytes are read to an end', () => {
  fc.assert(
    fc.property(bytes, (buffer) => {
      const { report } = parseRtcp(buffer, 0, buffer.length);
      if (report) expect(Number.isFinite(report.ntpMs)).toBe(true);
    }),
    fuzzRuns(100, 1 / 6),
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
    fuzzRuns(300, 1 / 6),
  );
});

test('datagrams in any order come out once, each in its turn, within the time allowed', () => {
  const step = fc.record({
    jump: fc.oneof(
      { weight: 8, arbitrary: fc.constant(1) },
      { weight: 3, arbitrary: fc.integer({ min: -10, max: 10 }) },
      { weight: 1, arbitrary: fc.nat({ max: 0xffff }) },
    ),
    ssrc: fc.oneof({ weight: 20, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) }),
    waitMs: fc.constantFrom(0, 0, 0, 5, 150),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      const clock = new FakeClock();
      const atMs = new Map<Buffer, number>();
      let out = 0;
      const buffer = new ReorderBuffer(clock, (packet) => {
        out += 1;
        expect(clock.monotonicMs() - (atMs.get(packet) ?? Infinity)).toBeLessThanOrEqual(200);
        atMs.delete(packet);
      });
      let sequence = 0;
      for (const { jump, ssrc, waitMs } of steps) {
        sequence = (sequence + jump) & 0xffff;
        const packet = writeRtp({ sequence, ssrc, timestamp: 0, payload: Buffer.of(1) });
        atMs.set(packet, clock.monotonicMs());
        buffer.push(packet);
        clock.advanceNow(waitMs);
      }
      clock.advanceNow(200);
      expect(out).toBeLessThanOrEqual(steps.length);
      expect(clock.pending).toBe(0);
    }),
    fuzzRuns(300, 1 / 6),
  );
});

test('whatever came, a report can be written of it', () => {
  const head = fc.record({
    sequence: fc.nat({ max: 0xffff }),
    timestamp: fc.nat({ max: 0xffffffff }),
    ssrc: fc.constantFrom(1, 2),
    payload: fc.constant(Buffer.of(1)),
  });
  fc.assert(
    fc.property(fc.array(head, { minLength: 1, maxLength: 60 }), fc.nat(), (heads, stepMs) => {
      const clock = new FakeClock();
      const reception = new Reception(clock, 90000);
      for (const fields of heads) {
        const packet = writeRtp(fields);
        const read = parseRtpPacket(packet, 0, packet.length);
        clock.advanceNow(stepMs);
        if (read) reception.take(read);
        const block = reception.block();
        expect(block).toBeDefined();
        if (block) expect(writeReceiverReport({ ssrc: 1, cname: 'x' }, block).length).toBe(44);
      }
    }),
    fuzzRuns(300, 1 / 6),
  );
});
