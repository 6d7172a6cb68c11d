import { describe, expect, test } from 'vitest';
import { ArrivalWatch } from '../../../../viewer/player/arrival-watch.ts';

describe('how late media comes', () => {
  /** A second of media each second, `lateSec` after it was made. */
  function look(watch: ArrivalWatch, atSec: number, lateSec: number, run = 1): string {
    return watch.look({ nowMs: atSec * 1000, bytes: atSec * 1000, newestSec: atSec - lateSec, run });
  }

  test('is counted from the best of the last minute, and told as part of the delay', () => {
    const watch = new ArrivalWatch(1);
    look(watch, 10, 0.2);
    expect(watch.lateSec).toBe(0);
    look(watch, 11, 0.9);
    expect(watch.lateSec).toBeCloseTo(0.7);
    look(watch, 12, 0.2);
    expect(watch.lateSec).toBeCloseTo(0);
  });

  test('starts anew with a stream that begins anew', () => {
    const watch = new ArrivalWatch(1);
    look(watch, 10, 0.2);
    look(watch, 11, 3);
    expect(watch.lateSec).toBeGreaterThan(2);
    look(watch, 12, 5, 2);
    expect(watch.lateSec).toBe(0);
  });
});
