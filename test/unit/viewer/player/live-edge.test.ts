import { describe, expect, test } from 'vitest';
import { nextTarget, steerToLive } from '../../../../viewer/player/live-edge.ts';
import { StallWatch } from '../../../../viewer/player/stall-watch.ts';
import type { BufferedRange } from '../../../../viewer/player/live-edge.ts';

const steer = (currentSec: number, ranges: BufferedRange[]) =>
  steerToLive({ currentSec, ranges, targetSec: 0.3 });

describe('steering to live', () => {
  test('does nothing without media', () => {
    expect(steer(0, [])).toEqual({ seekToSec: null, rate: 1, delaySec: null });
  });
  test('skips ahead when more than 1.5 s late', () => {
    expect(steer(10, [[9, 12]]).seekToSec).toBeCloseTo(11.7);
  });
  test('jumps to a timeline that begins elsewhere', () => {
    expect(steer(0, [[5000, 5001]]).seekToSec).toBeCloseTo(5000.7);
    expect(steer(900, [[0, 0.2]]).seekToSec).toBe(0);
  });
  test('crosses a gap to the newest range', () => {
    expect(
      steer(10, [
        [8, 10],
        [10.5, 11],
      ]).seekToSec,
    ).toBeCloseTo(10.7);
  });
  test('hurries when a little late, and more when later', () => {
    const little = steer(11.4, [[9, 12]]).rate;
    const more = steer(10.9, [[9, 12]]).rate;
    expect(little).toBeGreaterThan(1);
    expect(more).toBeGreaterThan(little);
  });
  test('plays at its own pace where it should be', () => {
    expect(steer(11.7, [[9, 12]])).toEqual({ seekToSec: null, rate: 1, delaySec: expect.closeTo(0.3) });
  });
  test('slows down before it runs dry', () => {
    expect(steer(11.95, [[9, 12]]).rate).toBeLessThan(1);
  });
  test('crosses the smallest gap', () => {
    expect(steer(11.7, [[11.72, 12]]).seekToSec).toBe(11.72);
  });
  test('a dry buffer widens the distance within bounds, calm narrows it', () => {
    let target = 0.3;
    for (let time = 0; time < 20; time += 1) target = nextTarget(target, true);
    expect(target).toBe(1.5);
    for (let time = 0; time < 30; time += 1) target = nextTarget(target, false);
    expect(target).toBe(0.3);
  });
});

describe('the watch over stalls', () => {
  test('waits for the first movement, then reports it', () => {
    const watch = new StallWatch(0);
    expect(watch.look(0, 500)).toBe('waiting');
    expect(watch.look(12.1, 1000)).toBe('moving');
  });
  test('notices a picture that stands still, and later that it is dead', () => {
    const watch = new StallWatch(0);
    watch.look(0, 0);
    watch.look(1, 1000);
    expect(watch.look(1, 3000)).toBe('moving');
    expect(watch.look(1, 3600)).toBe('stalled');
    expect(watch.look(1, 10_100)).toBe('dead');
  });
  test('gives up on a picture that never moved', () => {
    const watch = new StallWatch(0);
    watch.look(0, 0);
    expect(watch.look(0, 9500)).toBe('dead');
  });
  test('recovers when the picture moves again', () => {
    const watch = new StallWatch(0);
    watch.look(0, 0);
    watch.look(1, 1000);
    watch.look(1, 5000);
    expect(watch.look(2, 5500)).toBe('moving');
  });
});
