import { describe, expect, it } from 'vitest';
import { targetDuration } from '../../../../gateway/packaging/hls/target-duration.ts';

describe('the target duration', () => {
  it.each([
    ['an unknown GOP', 2, null, 2],
    ['a short GOP', 2, 0.5, 2],
    ['a GOP of the aimed length', 2, 2, 2],
    ['a GOP a frame short of it', 2, 1.96, 2],
    ['a GOP that fits less than twice', 2, 1.5, 3],
    ['a longer GOP', 2, 4, 4],
    ['a smart codec', 2, 10, 10],
    ['an endless GOP', 2, 300, 12],
    ['an aim of less than a second', 0.5, null, 1],
  ])('for %s', (_name, segmentSec, gopSec, wantedSec) => {
    expect(targetDuration(segmentSec, gopSec)).toBe(wantedSec);
  });
});
