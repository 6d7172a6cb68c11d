import { beforeEach, describe, expect, test } from 'vitest';
import { dayCells, hourCells } from '../../../../viewer/timeline/film-cells.ts';
import { lapseEstimate } from '../../../../viewer/timeline/lapse-estimate.ts';
import { indexOf } from '../../../../viewer/timeline/picture-index.ts';
import { daySpan, forgetDays, monthsBefore } from '../../../../viewer/timeline/site-days.ts';
import { firstComparison, similarLight } from '../../../../viewer/timeline/similar-light.ts';
import { addressOf, beginningOf } from '../../../../viewer/timeline/timeline-address.ts';
import { TimelineStore } from '../../../../viewer/timeline/timeline-store.ts';
import { keepSiteTime } from '../../../../viewer/format/site-time.ts';
import { indexAt, inShanghai, local, workingDays } from './some-index.ts';

beforeEach(() => {
  inShanghai();
  forgetDays();
});

/** No sheet is loaded here. */
const undecoded = (): Promise<never> => Promise.reject(new Error('no picture is decoded here'));

const timeOf = (index: { timeAt: (place: number) => number }, place: number): string =>
  new Date(index.timeAt(place) + 8 * 3_600_000).toISOString().slice(0, 16);

describe('the film strips', () => {
  const days = ['2026-11-17', '2026-11-18', '2026-11-20'];
  const times = workingDays(days).filter(
    (time) => time < local('2026-11-20', '10:00') || time >= local('2026-11-20', '11:30'),
  );
  const index = indexAt(times.filter((time) => time < local('2026-11-20', '14:30')));
  const gaps = [600, 630, 660].map((minute) => local('2026-11-20') + minute * 60_000);
  const strip = {
    index,
    at: index.nearest(local('2026-11-20', '14:00')),
    count: 12,
    nowMs: local('2026-11-20', '14:30'),
  };

  test('by hour show pictures, gaps with their count, and what has not come', () => {
    const cells = hourCells(strip, gaps);
    expect(cells.map(({ kind, missing }) => `${kind}${missing || ''}`)).toEqual([
      ...Array.from({ length: 4 }, () => 'picture'),
      'gap2',
      'picture1',
      ...Array.from({ length: 3 }, () => 'picture'),
      ...Array.from({ length: 3 }, () => 'later'),
    ]);
    expect(cells.findIndex(({ selected }) => selected)).toBe(8);
    expect(timeOf(index, cells[5]?.place ?? -1)).toBe('2026-11-20T11:30');
  });

  test('by day leave out no day: one without pictures keeps its place', () => {
    const missed = local('2026-11-19', '14:00');
    const cells = dayCells(strip, (date) => (date === '2026-11-19' ? [missed] : []));
    expect(cells.slice(-4).map(({ kind }) => kind)).toEqual(['picture', 'picture', 'gap', 'picture']);
    expect(cells.slice(0, -4).every(({ kind }) => kind === 'none')).toBe(true);
    expect(cells.at(-1)).toMatchObject({ selected: true, atMs: local('2026-11-20', '14:00') });
  });

  test('without pictures are empty', () => {
    const none = { ...strip, index: indexAt([]), at: -1 };
    expect(hourCells(none, [])).toEqual([]);
    expect(dayCells(none, () => [])).toEqual([]);
  });
});

describe('the picture to compare with', () => {
  const dates = ['2026-10-18', '2026-10-19', '2026-10-20', '2026-10-21', '2026-11-20'];
  const index = indexAt(workingDays(dates), (atMs) => {
    const at = new Date(atMs + 8 * 3_600_000).toISOString();
    // Fog over the 20th of October.
    return at.startsWith('2026-10-20') ? 30 : 120;
  });
  const reference = index.nearest(local('2026-11-20', '14:00'));

  test('is of the same hour in a similar light, a day off rather than in fog', () => {
    const found = similarLight(index, reference, '2026-10-20');
    expect(['2026-10-19T14:00', '2026-10-21T14:00']).toContain(timeOf(index, found));
  });

  test('is a month ago at first, else the oldest, never the picture itself', () => {
    expect(timeOf(index, firstComparison(index, reference, '2026-10-21'))).toBe('2026-10-21T14:00');
    expect(timeOf(index, firstComparison(index, reference, '2020-01-01'))).toMatch(/^2026-10-1[89]T14:00$/);
    const two = indexAt([local('2026-11-20', '09:00'), local('2026-11-20', '10:00')]);
    expect(firstComparison(two, 1, '2026-10-20')).toBe(0);
  });

  test('is no black picture while there is another', () => {
    const night = indexOf([
      ['snap_black', local('2026-10-20', '14:00'), 1, 120, 1],
      ['snap_good', local('2026-10-20', '17:30'), 0, 100, 1],
      ['snap_now', local('2026-11-20', '14:00'), 0, 120, 1],
    ]);
    expect(similarLight(night, 2, '2026-10-20')).toBe(1);
  });
});

describe('the estimate of a time-lapse', () => {
  const index = indexAt(workingDays(['2026-11-18', '2026-11-19', '2026-11-20']));
  const range = { fromMs: local('2026-11-18'), toMs: local('2026-11-20') };

  test('counts the pictures that the pace takes', () => {
    const count = (pace: Parameters<typeof lapseEstimate>[2]) =>
      lapseEstimate(index, range, pace, 24).pictures;
    expect(count({ kind: 'all' })).toBe(56);
    expect(count({ kind: 'day', hour: 14 })).toBe(2);
    expect(count({ kind: 'day', hour: 2 })).toBe(0);
    expect(count({ kind: 'minutes', everyMin: 180 })).toBe(10);
    expect(lapseEstimate(index, range, { kind: 'all' }, 28).seconds).toBe(2);
  });

  test('leaves out pictures that show nothing', () => {
    const dark = indexOf([
      ['a', local('2026-11-18', '10:00'), 1, 2, 1],
      ['b', local('2026-11-18', '11:00'), 0, 90, 1],
    ]);
    expect(lapseEstimate(dark, range, { kind: 'all' }, 24).pictures).toBe(1);
  });
});

describe('days at the site', () => {
  test('last 23 and 25 hours where clocks change', () => {
    keepSiteTime({ timeZone: 'Europe/Berlin', now: '2026-11-20T06:30:00.000Z' });
    forgetDays();
    const hours = (date: string) => (daySpan(date).toMs - daySpan(date).fromMs) / 3_600_000;
    expect([hours('2026-03-29'), hours('2026-10-25'), hours('2026-11-20')]).toEqual([23, 25, 24]);
  });

  test('a month before the 31st is the last of a shorter month', () => {
    expect(monthsBefore('2026-03-31', 1)).toBe('2026-02-28');
    expect(monthsBefore('2026-01-15', 1)).toBe('2025-12-15');
    expect(monthsBefore('2026-11-20', 12)).toBe('2025-11-20');
  });
});

describe('the address', () => {
  test('brings back the picture, the one compared with and the view', () => {
    const store = new TimelineStore('cam', undecoded);
    const times = workingDays(['2026-11-18', '2026-11-19']);
    store.index.value = indexAt(times);
    store.settled.value = 30;
    store.thenAt.value = 3;
    store.mode.value = 'compare';
    const search = addressOf(store, '?lang=en&at=old');
    expect(beginningOf(search)).toEqual({ atMs: times[30], thenMs: times[3], mode: 'compare' });
    expect(search).toContain('lang=en');
  });

  test('of the newest picture is plain, and nonsense in it means the newest', () => {
    const store = new TimelineStore('cam', undecoded);
    store.index.value = indexAt([1, 2]);
    store.settled.value = 1;
    expect(addressOf(store, '')).toBe('');
    expect(beginningOf('?at=x&then=&mode=wild')).toEqual({ atMs: null, thenMs: null, mode: 'one' });
  });
});

describe('steps through the record', () => {
  const store = new TimelineStore('cam', undecoded);
  const at = (): string => timeOf(store.index.value, store.at.value);

  test('go by picture, by day over missing days, and at a kept hour from day to day', () => {
    store.index.value = indexAt(workingDays(['2026-11-16', '2026-11-19', '2026-11-20']));
    store.selectNear(local('2026-11-19', '15:00'));
    store.step(1);
    expect(at()).toBe('2026-11-19T15:30');
    store.turnDay(-1);
    expect(at()).toBe('2026-11-16T15:30');
    store.turnDay(-1);
    expect(at()).toBe('2026-11-16T15:30');
    store.selectNear(local('2026-11-16', '09:00'));
    store.keepHour(true);
    store.step(1);
    store.step(1);
    expect(at()).toBe('2026-11-20T09:00');
    expect(store.showDate('2026-11-17')).toBe(false);
    store.select(10_000);
    expect(at()).toBe('2026-11-20T19:30');
  });
});
