import { describe, expect, test } from 'vitest';
import { dayRecord } from '../../../../viewer/camera/day-record.ts';
import { monthAfter, monthView } from '../../../../viewer/camera/month-days.ts';
import type { Snapshot } from '../../../../gateway/contract/snapshot.ts';

const start = Date.parse('2026-11-23T00:00:00.000Z');
const HALF_HOUR = 1800_000;

function at(hours: number, scheduled = true): Snapshot {
  const slot = new Date(start + hours * 3600_000).toISOString();
  const hash = '0'.repeat(64);
  return {
    id: slot,
    cameraId: 'c1',
    takenAt: slot,
    scheduledFor: scheduled ? slot : null,
    width: 1920,
    height: 1080,
    bytes: 1,
    sha256: hash,
    chainHash: hash,
    prevHash: hash,
    source: 'keyframe',
    quality: { luma: 1, sharpness: 1, verdict: 'ok' },
    milestoneId: null,
    note: null,
  };
}

describe('the record of a day', () => {
  test('draws every missing slot between pictures as a gap', () => {
    const { marks } = dayRecord([at(7), at(7.5), at(9.5), at(10)], start, 3);
    const gaps = marks.filter(({ snapshot }) => snapshot === null);
    expect(gaps.map(({ atMs }) => (atMs - start) / HALF_HOUR)).toEqual([16, 17, 18]);
    const times = marks.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
  test('shows an hour without any picture as missing', () => {
    const { film } = dayRecord([at(7), at(7.5), at(9.5), at(10)], start, 3);
    expect(film.map(({ hour, missing }) => [hour, missing])).toEqual([
      [7, false],
      [8, true],
      [9, false],
      [10, false],
    ]);
  });
  test('shows no gap when the gateway counted none', () => {
    const { marks } = dayRecord([at(7), at(7.5), at(11)], start, 0);
    expect(marks.every(({ snapshot }) => snapshot !== null)).toBe(true);
  });
  test('does not take a picture made by hand for a slot of the schedule', () => {
    const { marks } = dayRecord([at(7), at(7.1, false), at(8)], start, null);
    expect(marks).toHaveLength(3);
  });
  test('is empty without pictures', () => {
    expect(dayRecord([], start, null)).toEqual({ marks: [], film: [] });
  });
});

describe('the month', () => {
  test('begins on the right weekday and has all its days', () => {
    const view = monthView('2026-11', null, '2026-11-23');
    expect(view.lead).toBe(6);
    expect(view.days).toHaveLength(30);
    expect(view.days.filter(({ future }) => future)).toHaveLength(7);
  });
  test('shades days by what was kept of what was due', () => {
    const day = (date: string, taken: number, missed: number) => ({
      date,
      taken,
      missed,
      expected: taken + missed,
    });
    const days = [
      day('2026-11-01', 25, 0),
      day('2026-11-02', 20, 5),
      day('2026-11-03', 13, 12),
      day('2026-11-04', 2, 23),
      day('2026-11-05', 0, 25),
    ];
    const view = monthView('2026-11', { days }, '2026-11-23');
    expect(view.days.slice(0, 6).map(({ step }) => step)).toEqual([4, 3, 2, 1, 0, null]);
    expect([view.taken, view.expected]).toEqual([60, 125]);
  });
  test('turns over the year', () => {
    expect(monthAfter('2026-12', 1)).toBe('2027-01');
    expect(monthAfter('2026-01', -1)).toBe('2025-12');
    expect(monthView('2024-02', null, '2026-01-01').days).toHaveLength(29);
  });
});
