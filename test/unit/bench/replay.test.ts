import { describe, expect, test } from 'vitest';
import { capturedAtMs, frameAt, phaseOf, stampTimeMs } from '../../bench/load/replay-schedule.ts';
import { ReplayFrames } from '../../bench/load/replay-frames.ts';
import { memorySlope } from '../../bench/measure/memory-slope.ts';

const NOW_MS = Date.UTC(2026, 10, 23, 12);

describe('the schedule of replayed cameras', () => {
  test.each([0, 1, 7, 123])(
    'gives the capture time of the newest picture of camera %i back from its stamp',
    (index) => {
      const phase = phaseOf(index);
      const n = frameAt(NOW_MS, phase);
      const takenMs = capturedAtMs(n, phase);
      expect(takenMs).toBeLessThanOrEqual(NOW_MS);
      expect(takenMs).toBeGreaterThan(NOW_MS - 40);
      expect(stampTimeMs(n % 200, NOW_MS, phase)).toBe(takenMs);
      expect(stampTimeMs((n - 30) % 200, NOW_MS, phase)).toBe(capturedAtMs(n - 30, phase));
    },
  );
});

describe('replayed packets', () => {
  const nal = (type: number, size: number) =>
    Buffer.concat([Buffer.of(0, 0, 0, 1, type), Buffer.alloc(size, 0xaa)]);
  const clip = Buffer.concat([nal(0x67, 5), nal(0x68, 3), nal(0x65, 4000), nal(0x41, 10), nal(0x0c, 6)]);

  test('are numbered on without a gap over the end of the clip, one timestamp a picture', () => {
    const frames = new ReplayFrames(clip);
    expect(frames.count).toBe(2);
    const seen = [0, 1, 2, 3].map((n) => packetsOf(frames.frame(n)));
    const sequences = seen.flat().map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index));
    expect(seen.map((packets) => [...new Set(packets.map(({ timestamp }) => timestamp))])).toEqual([
      [0],
      [3600],
      [7200],
      [10_800],
    ]);
    for (const packets of seen)
      expect(packets.map(({ marker }) => marker).indexOf(true)).toBe(packets.length - 1);
  });
});

describe('the slope of memory', () => {
  test('is that of a line, without noise', () => {
    const readings = Array.from({ length: 10 }, (_, index) => ({ atSec: index * 60, rssMb: 100 + index }));
    const { mbPerHour, noiseMbPerHour } = memorySlope(readings);
    expect(mbPerHour).toBeCloseTo(60);
    expect(noiseMbPerHour).toBeCloseTo(0);
  });

  test('of readings that go up and down lies within the noise', () => {
    const readings = Array.from({ length: 40 }, (_, index) => ({
      atSec: index * 60,
      rssMb: 100 + (index % 2) * 20,
    }));
    const { mbPerHour, noiseMbPerHour } = memorySlope(readings);
    expect(Math.abs(mbPerHour)).toBeLessThan(noiseMbPerHour);
  });
});

function packetsOf(bytes: Buffer): { sequence: number; timestamp: number; marker: boolean }[] {
  const packets = [];
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUInt16BE(at + 2)) {
    expect(bytes[at]).toBe(0x24);
    packets.push({
      sequence: bytes.readUInt16BE(at + 6),
      timestamp: bytes.readUInt32BE(at + 8),
      marker: ((bytes[at + 5] ?? 0) & 0x80) !== 0,
    });
  }
  return packets;
}
