import { describe, expect, it } from 'vitest';
import { sceneNames } from '../../../scripts/demo-site/clip/clip-spec.ts';
import type { dayParts } from '../../../scripts/demo-site/picture/day-light.ts';
import { Film } from '../../../scripts/demo-site/picture/film.ts';
import { towerProgress } from '../../../scripts/demo-site/picture/rising-tower.ts';
import { sceneNamed } from '../../../scripts/demo-site/picture/scene-named.ts';

const [width, height] = [320, 176];
const film = (name: (typeof sceneNames)[number], day: number, part: (typeof dayParts)[number]): Film =>
  new Film(sceneNamed(name, day, 0), part, day, width, height, 16);
const mean = (bytes: Uint8Array): number => bytes.reduce((sum, value) => sum + value, 0) / bytes.length;
const luma = (frame: Buffer): Buffer => Buffer.from(frame.subarray(0, width * height));

describe('the demo site draws a building site', () => {
  it.each(sceneNames)('%s: bright by day, dark but not black at night', (name) => {
    const noon = mean(luma(film(name, 20_780, 'noon').frameAt(0)));
    const night = mean(luma(film(name, 20_780, 'night').frameAt(0)));
    expect(noon).toBeGreaterThan(100);
    expect(night).toBeLessThan(noon - 50);
    expect(night).toBeGreaterThan(17);
  });

  it.each(sceneNames)('%s: something moves, and the loop closes', (name) => {
    const moving = film(name, 20_780, 'morning');
    const start = luma(moving.frameAt(0));
    const later = luma(moving.frameAt(3));
    const end = luma(moving.frameAt(12));
    expect(start.equals(later)).toBe(false);
    expect(start.equals(end)).toBe(true);
  });

  it('grows by a floor each so many days, and every day looks another way', () => {
    expect(towerProgress(0, 7, 22, 3)).toEqual({ floorsDone: 3, floorShare: 0 });
    expect(towerProgress(15, 7, 22, 3)).toEqual({ floorsDone: 5, floorShare: 1 / 7 });
    expect(towerProgress(19 * 7, 7, 22, 3)).toEqual({ floorsDone: 3, floorShare: 0 });
    const frames = [0, 3, 30].map((days) => luma(film('tower', 20_748 + days, 'noon').frameAt(0)));
    expect(frames[0]!.equals(frames[1]!)).toBe(false);
    expect(frames[0]!.equals(frames[2]!)).toBe(false);
  });

  it('leaves the rows under the clock equal along each row', () => {
    const frame = film('pit', 20_780, 'noon').frameAt(5);
    for (let y = 0; y < 16; y += 1) {
      const row = frame.subarray(y * width, (y + 1) * width);
      expect(row.every((value) => value === row[0])).toBe(true);
    }
  });
});
