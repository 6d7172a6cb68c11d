import { describe, expect, it } from 'vitest';
import { choosePartSize, endsWell, nextPartFrames } from '../../../../gateway/packaging/hls/part-plan.ts';

const frameSec = 1 / 25;
const size = choosePartSize(frameSec, 50);

/** The parts, in frames, that a segment of so many frames is cut into. */
function parts(frames: number): number[] {
  const found: number[] = [];
  for (let rest = frames; rest > 0; rest -= found.at(-1) ?? rest) {
    found.push(nextPartFrames(rest, size, frameSec));
  }
  return found;
}

describe('the plan of parts', () => {
  it('has parts of about 0.3 s that may be one frame longer', () => {
    expect(size).toEqual({ least: 8, most: 9, targetSec: 0.368 });
  });

  it('cuts a segment of two seconds evenly', () => {
    expect(parts(50).toSorted((a, b) => a - b)).toEqual([8, 8, 8, 8, 9, 9]);
  });

  it('cuts every rest that can be cut well so that no last part is short, and none too long', () => {
    for (let rest = 6; rest <= 300; rest += 1) {
      if (!endsWell(rest, size, frameSec)) continue;
      const cut = parts(rest);
      expect(
        cut.reduce((sum, part) => sum + part, 0),
        `${rest} frames`,
      ).toBe(rest);
      expect(Math.max(...cut)).toBeLessThanOrEqual(size.most);
      expect((cut.at(-1) ?? 0) * frameSec).toBeGreaterThan(0.21);
      for (const part of cut.slice(0, -1)) expect(part).toBeGreaterThanOrEqual(size.least);
    }
  });

  it('knows rests that cannot', () => {
    expect([1, 5, 10, 13, 19].map((rest) => endsWell(rest, size, frameSec))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('takes the usual length when nobody knows when the segment ends', () => {
    expect(nextPartFrames(null, size, frameSec)).toBe(8);
  });

  it.each([
    [15, 30, 5],
    [10, 20, 4],
    [20, 40, 5],
    [30, 60, 9],
  ])('fits the size to the distance of key frames: %i frames a second, %i apart', (fps, gop, least) => {
    expect(choosePartSize(1 / fps, gop).least).toBe(least);
  });

  it('has one frame in a part where frames are rare', () => {
    expect(choosePartSize(1, 2)).toEqual({ least: 1, most: 1, targetSec: 1.1 });
  });
});
