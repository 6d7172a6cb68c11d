import { describe, expect, it } from 'vitest';
import { CutForecast } from '../../../../gateway/packaging/hls/cut-forecast.ts';
import type { Chunk } from '../../../../gateway/packaging/live-run.ts';

const frame = (key: boolean) => ({ kind: 'video', key, durationTicks: 3600 }) as Chunk;
const make = (gopSec: number | null, targetDurationSec = 2) =>
  new CutForecast({ gopSec, segmentSec: 2, targetDurationSec, frameTicks: 3600 });

/** A key frame and so many others. */
function gop(forecast: CutForecast, frames: number): void {
  for (let index = 0; index < frames; index += 1) forecast.frame(frame(index === 0));
}

describe('the forecast of a segment’s end', () => {
  it('knows nothing before the distance of key frames is known', () => {
    const forecast = make(null);
    gop(forecast, 30);
    expect(forecast.segmentFrames).toBeNull();
    expect(forecast.restFrames(false, 0)).toBeNull();
  });

  it('goes by what it saw rather than by what it was told, up to the target duration', () => {
    const forecast = make(2);
    gop(forecast, 75);
    gop(forecast, 10);
    expect(forecast.restFrames(false, 0)).toBe(62);
  });

  it('counts whole GOPs up to the aimed length', () => {
    expect(make(1).segmentFrames).toBe(50);
    expect(make(0.48).segmentFrames).toBe(60);
    expect(make(4, 4).segmentFrames).toBe(100);
  });

  it('ends where the target duration ends when key frames are rarer', () => {
    expect(make(10).segmentFrames).toBe(62);
  });

  it('counts from the key frame before where a segment begins without one', () => {
    const forecast = make(2);
    gop(forecast, 20);
    expect(forecast.restFrames(false, 0)).toBe(30);
    expect(forecast.restFrames(true, 20 * 3600)).toBe(30);
  });

  it('gives up when the key frame is overdue', () => {
    const forecast = make(2);
    gop(forecast, 50);
    expect(forecast.restFrames(false, 0)).toBeNull();
  });

  it('does not take the time over a break for a distance', () => {
    const forecast = make(2);
    gop(forecast, 20);
    forecast.runEnded();
    gop(forecast, 10);
    expect(forecast.restFrames(false, 0)).toBe(40);
  });
});
