import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionRules, isPictureFault, pictureFaults } from '../../../gateway/status/condition-rules.ts';
import type { ConditionCode } from '../../../gateway/status/condition-rules.ts';
import { withReading, withoutStale } from '../../../gateway/status/conditions.ts';
import type { Conditions, Level } from '../../../gateway/status/conditions.ts';
import { clockReading, reportedDriftSec } from '../../../gateway/status/clock-reading.ts';
import { pictureReadings } from '../../../gateway/status/picture-readings.ts';

const codes = Object.keys(conditionRules) as ConditionCode[];

/** Readings of one code, each so many seconds from the start. */
function after(code: ConditionCode, ...steps: [number, Level][]): Conditions {
  return steps.reduce<Conditions>(
    (known, [sec, level]) => withReading(known, { code, level, message: 'm' }, sec * 1000),
    [],
  );
}
const counts = (conditions: Conditions) => conditions.filter((each) => each.counts).map(({ code }) => code);
const seconds = (count: number, level: Level, from = 0): [number, Level][] =>
  Array.from({ length: count }, (_, sec) => [from + sec, level]);

describe('a condition of a stream', () => {
  it.each(['low-fps', 'packet-loss'] as const)('%s counts after 20 s of bad readings, not before', (code) => {
    expect(counts(after(code, ...seconds(20, 'bad')))).toEqual([]);
    expect(counts(after(code, ...seconds(21, 'bad')))).toEqual([code]);
  });

  it('does not count when a single reading in between is fine or unclear', () => {
    expect(
      counts(after('low-fps', ...seconds(19, 'bad'), [19, 'unclear'], ...seconds(19, 'bad', 20))),
    ).toEqual([]);
  });

  it('ends after its time of good readings alone; between bad and good nothing changes', () => {
    const standing = seconds(21, 'bad');
    expect(counts(after('low-fps', ...standing, ...seconds(200, 'unclear', 21)))).toEqual(['low-fps']);
    expect(counts(after('low-fps', ...standing, ...seconds(15, 'well', 21)))).toEqual(['low-fps']);
    expect(counts(after('low-fps', ...standing, ...seconds(16, 'well', 21)))).toEqual([]);
    const relapse = [...seconds(15, 'well', 21), [36, 'unclear'], ...seconds(15, 'well', 37)] as [
      number,
      Level,
    ][];
    expect(counts(after('low-fps', ...standing, ...relapse))).toEqual(['low-fps']);
  });

  it('is forgotten as a suspicion when the stream ends, and as a fact after two hours without a look', () => {
    expect(withoutStale(after('low-fps', ...seconds(10, 'bad')), 15_000)).toEqual([]);
    expect(withoutStale(after('packet-loss', ...seconds(10, 'bad')), 40_000)).toEqual([]);
    const standing = after('packet-loss', ...seconds(21, 'bad'));
    expect(counts(withoutStale(standing, 7_200_000))).toEqual(['packet-loss']);
    expect(withoutStale(standing, 7_221_000)).toEqual([]);
  });
});

describe('a fault of pictures', () => {
  const pictures = (...verdicts: Parameters<typeof pictureReadings>[0][]): Conditions =>
    verdicts.reduce<Conditions>(
      (known, verdict, index) =>
        pictureReadings(verdict).reduce((all, reading) => withReading(all, reading, index * 1000), known),
      [],
    );

  it.each(pictureFaults)('%s counts with the second picture in a row and ends with a fine one', (code) => {
    expect(counts(pictures(code))).toEqual([]);
    expect(counts(pictures(code, 'ok', code))).toEqual([]);
    expect(counts(pictures(code, code))).toEqual([code]);
    expect(pictures(code, code, 'ok')).toEqual([]);
  });

  it('gives way to another one that is seen twice; there is never more than one', () => {
    expect(counts(pictures('black', 'black', 'covered'))).toEqual(['black']);
    expect(counts(pictures('black', 'black', 'covered', 'covered'))).toEqual(['covered']);
    expect(counts(pictures('black', 'covered', 'black', 'covered'))).toEqual([]);
  });
});

describe('a clock', () => {
  it('is off beyond the limit, right again well within it, and unclear in between', () => {
    expect([6, -6, 5, 4, 3, -3, 0].map((sec) => clockReading(sec, 5).level)).toEqual([
      'bad',
      'bad',
      'unclear',
      'unclear',
      'well',
      'well',
      'well',
    ]);
    expect(clockReading(-3600, 5).message).toContain('60 min behind');
  });

  it('told by sender reports counts from 1970, in UTC or in the site’s own time', () => {
    expect(reportedDriftSec(3_600_000, 480)).toBe(3600);
    expect(reportedDriftSec(8 * 3_600_000 + 2000, 480)).toBe(2);
    expect(reportedDriftSec(8 * 3_600_000, 0)).toBe(28_800);
    expect(reportedDriftSec(-50 * 366 * 86_400_000, 480)).toBeNull();
  });
});

describe('any series of readings', () => {
  it('has each code once, one picture fault that counts at most, and never counts from fewer bad readings than the rule says', () => {
    const step = fc.record({
      gapMs: fc.integer({ min: 0, max: 30_000 }),
      code: fc.constantFrom(...codes),
      level: fc.constantFrom<Level>('bad', 'well', 'unclear'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        let conditions: Conditions = [];
        let nowMs = 0;
        const bad = new Map<string, number>();
        for (const { gapMs, code, level } of steps) {
          nowMs += gapMs;
          bad.set(code, level === 'bad' ? (bad.get(code) ?? 0) + 1 : 0);
          const before = conditions;
          conditions = withoutStale(withReading(conditions, { code, level, message: 'm' }, nowMs), nowMs);
          const named = conditions.map((each) => each.code);
          expect(new Set(named).size).toBe(named.length);
          expect(conditions.filter((each) => each.counts && isPictureFault(each.code)).length).toBeLessThan(
            2,
          );
          const isNew = counts(conditions).includes(code) && !counts(before).includes(code);
          if (isNew) expect(bad.get(code)).toBeGreaterThanOrEqual(conditionRules[code].counts.times);
        }
      }),
    );
  });
});
