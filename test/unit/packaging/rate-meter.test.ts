import { describe, expect, it } from 'vitest';
import { RateMeter } from '../../../gateway/packaging/rate-meter.ts';

function measure(distances: readonly number[], bytes: number, gopFrames = 25): RateMeter {
  const meter = new RateMeter();
  let startTicks = 0;
  for (const [index, durationTicks] of distances.entries()) {
    const key = index % gopFrames === 0;
    meter.add({ kind: 'video', bytes: Buffer.alloc(bytes), key, startTicks, durationTicks, capturedAtMs: 0 });
    startTicks += durationTicks;
  }
  return meter;
}

const even = (count: number, ticks: number) => Array.from({ length: count }, () => ticks);

describe('the rate meter', () => {
  it('tells whole and NTSC frame rates as they are', () => {
    expect(measure(even(10, 3600), 1).fps).toBe(25);
    expect(measure(even(10, 3003), 1).fps).toBe(29.97);
    expect(measure(even(10, 7501), 1).fps).toBe(12);
  });

  it('is not misled by a pause', () => {
    expect(measure([...even(10, 3600), 90_000, ...even(9, 3600)], 1).fps).toBe(25);
  });

  it('knows the bit rate after a whole GOP, not before', () => {
    expect(measure(even(25, 3600), 1000).averageBps).toBeNull();
    const meter = measure(even(51, 3600), 1000);
    expect([meter.averageBps, meter.peakBps]).toEqual([200_000, 200_000]);
  });
});
