import { describe, expect, test } from 'vitest';
import { DecodeTimes } from '../../../../gateway/ingest/rtp/decode-times.ts';
import { parseRtcp } from '../../../../gateway/ingest/rtp/rtcp.ts';
import { parseRtpPacket } from '../../../../gateway/ingest/rtp/rtp-packet.ts';
import { RtpTimeline } from '../../../../gateway/ingest/rtp/rtp-timeline.ts';
import { SequenceTracker } from '../../../../gateway/ingest/rtp/sequence-tracker.ts';
import { WallClock } from '../../../../gateway/ingest/rtp/wall-clock.ts';
import { writeRtp, writeSenderReport } from '../../../support/rtp-writer.ts';

describe('RTP packets', () => {
  test('header fields and payload', () => {
    const packet = writeRtp({
      sequence: 0xfffe,
      timestamp: 0xfffffff0,
      payload: Buffer.from([1, 2]),
      marker: true,
    });
    expect(parseRtpPacket(packet, 0, packet.length)).toEqual({
      marker: true,
      payloadType: 96,
      sequence: 0xfffe,
      timestamp: 0xfffffff0,
      ssrc: 0x1234,
      payloadStart: 12,
      payloadEnd: 14,
    });
  });

  test('contributing sources, extension and padding are not payload', () => {
    const packet = Buffer.from('b2600001000000020000000300000004000000051000000100000000aabb0002', 'hex');
    expect(parseRtpPacket(packet, 0, packet.length)).toMatchObject({ payloadStart: 28, payloadEnd: 30 });
  });

  test.each([
    '',
    '80',
    '40600001000000020000000300',
    'a06000010000000200000003ff',
    '9060000100000002000000030000ffff',
  ])('%j is none', (hex) => {
    const packet = Buffer.from(hex, 'hex');
    expect(parseRtpPacket(packet, 0, packet.length)).toBeUndefined();
  });
});

describe('RTCP', () => {
  test('a sender report and a BYE in one packet', () => {
    const bytes = Buffer.concat([
      writeSenderReport(1_795_449_600_250, 7777),
      Buffer.from('81cb000100001234', 'hex'),
    ]);
    const { report, bye } = parseRtcp(bytes, 0, bytes.length);
    expect(bye).toBe(true);
    expect(report?.rtpTimestamp).toBe(7777);
    expect(report?.ntpMs).toBeCloseTo(1_795_449_600_250, 0);
  });

  test('a report of a sender without a clock is none', () => {
    const bytes = writeSenderReport(-2_208_988_800_000, 1);
    expect(parseRtcp(bytes, 0, bytes.length).report).toBeNull();
  });
});

describe('sequence numbers', () => {
  test('losses are counted over the wrap, repeats and late packets dropped', () => {
    const tracker = new SequenceTracker();
    expect([65534, 65535, 0, 3, 3, 2, 4].map((sequence) => tracker.accept(sequence))).toEqual([
      0, 0, 0, 2, -1, -1, 0,
    ]);
  });

  test('a camera that numbers anew is followed', () => {
    const tracker = new SequenceTracker();
    expect([40000, 100, 101].map((sequence) => tracker.accept(sequence))).toEqual([0, 1, 0]);
  });
});

describe('the timeline', () => {
  test('goes on over the 32-bit wrap', () => {
    const timeline = new RtpTimeline(90000);
    const first = timeline.extend(0xffffff00, 0);
    expect(timeline.extend(0x00000e10, 40) - first).toBe(0x100 + 0xe10);
  });

  test('lets B-frames go back', () => {
    const timeline = new RtpTimeline(90000);
    const base = timeline.extend(1_000_000, 0);
    expect(
      [1_010_800, 1_003_600].map((timestamp, index) => timeline.extend(timestamp, 40 * (index + 1)) - base),
    ).toEqual([10_800, 3600]);
  });

  test.each([
    ['back', 500_000],
    ['far ahead', 50_000_000],
  ])('bridges a jump %s by the time that went by', (_, timestamp) => {
    const timeline = new RtpTimeline(90000);
    const base = timeline.extend(1_000_000, 0);
    expect(timeline.extend(timestamp, 40) - base).toBe(3600);
    expect(timeline.jumps).toBe(1);
  });

  test('takes a long silence for what it is', () => {
    const timeline = new RtpTimeline(90000);
    const base = timeline.extend(0, 0);
    expect(timeline.extend(60 * 90000, 60_000) - base).toBe(60 * 90000);
    expect(timeline.jumps).toBe(0);
  });

  test('a burst after a stall of the network is no jump', () => {
    const timeline = new RtpTimeline(90000);
    const base = timeline.extend(0, 0);
    expect(timeline.extend(3600, 30_000) - base).toBe(3600);
  });
});

describe('decode times', () => {
  const run = (depth: number, pts: number[]): number[] => {
    const times = new DecodeTimes(depth, 10);
    return pts.map((value) => times.next(value));
  };

  test('equal presentation times where nothing is reordered', () => {
    expect(run(0, [0, 10, 20, 30])).toEqual([0, 10, 20, 30]);
  });

  test('run one frame behind with plain B-frames', () => {
    // Decode order I0 P3 B1 B2 P6 B4 B5
    expect(run(1, [10, 40, 20, 30, 70, 50, 60])).toEqual([0, 10, 20, 30, 40, 50, 60]);
  });

  test('run two behind with a pyramid', () => {
    // Decode order I0 P4 B2 b1 b3
    const pts = [20, 60, 40, 30, 50, 100, 80, 70, 90];
    const dts = run(2, pts);
    expect(dts).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80]);
    expect(dts.every((value, index) => value <= (pts[index] ?? 0))).toBe(true);
  });

  test('grow even when the camera repeats a time', () => {
    expect(run(0, [0, 10, 10, 10, 20])).toEqual([0, 10, 11, 12, 20]);
  });

  test('tell when frames go back further than allowed for', () => {
    const times = new DecodeTimes(0, 10);
    times.next(0);
    times.next(30);
    expect(times.depthNeeded(10)).toBe(1);
    expect(times.depthNeeded(40)).toBe(0);
  });
});

describe('the capture time', () => {
  const nowMs = 1_795_449_600_000;
  const clockWith = (cameraMs: number): WallClock => {
    const clock = new WallClock(90000);
    clock.take({ ssrc: 1, ntpMs: cameraMs, ntpMiddle: 0, rtpTimestamp: 0xffffffff - 89_999 }, nowMs);
    return clock;
  };

  test('is the camera’s where it agrees with the arrival, over the wrap of the timestamp', () => {
    expect(clockWith(nowMs).capturedAtMs(0, nowMs + 1200)).toBe(nowMs + 1000);
  });

  test.each([
    ['is hours off', -8 * 3_600_000],
    ['runs ahead', 4000],
  ])('is the arrival where the camera’s clock %s', (_, offMs) => {
    expect(clockWith(nowMs + offMs).capturedAtMs(0, nowMs + 1200)).toBe(nowMs + 1200);
  });

  test('is the arrival before the first report and long after the last', () => {
    expect(new WallClock(90000).capturedAtMs(0, nowMs)).toBe(nowMs);
    expect(clockWith(nowMs).capturedAtMs(90_000 * 200, nowMs + 201_500)).toBe(nowMs + 201_500);
  });
});
