import { afterEach, describe, expect, test, vi } from 'vitest';
import { clockText, dateText, dayText, momentText } from '../../../../viewer/format/clock-text.ts';
import { ageText } from '../../../../viewer/format/duration-text.ts';
import {
  dateAfter,
  keepSiteTime,
  siteFields,
  siteInstant,
  siteNow,
} from '../../../../viewer/format/site-time.ts';

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const HOUR = 3600_000;
const at = (text: string): number => Date.parse(text);

function siteIn(timeZone: string): void {
  keepSiteTime({ timeZone, now: new Date().toISOString() });
}

afterEach(() => {
  vi.useRealTimers();
  siteIn(own);
});

describe('times at the site', () => {
  // One of these is not the zone of the machine that runs the test, wherever it stands.
  test.each([
    ['Asia/Shanghai', '14:32:08', '2026-11-23'],
    ['America/Los_Angeles', '22:32:08', '2026-11-22'],
    ['Asia/Kathmandu', '12:17:08', '2026-11-23'],
  ])('in %s are %s on %s', (zone, clock, date) => {
    siteIn(zone);
    const moment = at('2026-11-23T06:32:08Z');
    expect([clockText(moment), dateText(moment)]).toEqual([clock, date]);
  });

  test('name the weekday there and not here', () => {
    siteIn('Pacific/Auckland');
    expect(dayText(at('2026-11-22T12:00:00Z'))).toBe('11-23 周一');
    siteIn('Pacific/Honolulu');
    expect(dayText(at('2026-11-23T09:00:00Z'))).toBe('11-22 周日');
  });

  test('tell another day by the date there', () => {
    siteIn('Asia/Shanghai');
    const now = at('2026-11-23T17:00:00Z');
    expect(momentText(at('2026-11-23T15:59:00Z'), now)).toBe('11-23 23:59');
    expect(momentText(at('2026-11-23T16:01:00Z'), now)).toBe('00:01');
  });

  test('stay as they were when the browser does not know the zone', () => {
    siteIn('Asia/Shanghai');
    siteIn('Mars/Olympus');
    expect(clockText(at('2026-11-23T06:32:08Z'))).toBe('14:32:08');
  });
});

describe('a day at the site', () => {
  test.each([
    ['Asia/Shanghai', '2026-11-23', '2026-11-22T16:00:00.000Z', 24],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', 25],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00.000Z', 25],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00.000Z', 24.5],
    // Summer time begins at midnight: the day begins at one o'clock.
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z', 23],
  ])('of %s on %s begins at %s and has %d hours', (zone, date, start, hours) => {
    siteIn(zone);
    expect(new Date(siteInstant(date)).toISOString()).toBe(start);
    expect((siteInstant(dateAfter(date, 1)) - siteInstant(date)) / HOUR).toBe(hours);
  });

  test('has its hours where the clock on the wall shows them', () => {
    siteIn('Europe/Berlin');
    expect(siteFields(siteInstant('2026-03-29', 6))).toMatchObject({ day: 29, hour: 6, minute: 0 });
    expect(siteInstant('2026-03-29', 3) - siteInstant('2026-03-29', 1)).toBe(HOUR);
    expect(siteInstant('2026-10-25', 3) - siteInstant('2026-10-25', 1)).toBe(3 * HOUR);
  });

  test('follows the one before over months and leap years', () => {
    expect([dateAfter('2026-12-31', 1), dateAfter('2028-03-01', -1)]).toEqual(['2027-01-01', '2028-02-29']);
  });
});

test('a phone whose clock is an hour wrong shows the gateway’s time and true ages', () => {
  vi.useFakeTimers({ now: at('2026-11-23T05:32:08Z') });
  keepSiteTime({ timeZone: 'Asia/Shanghai', now: '2026-11-23T06:32:08.000Z' });
  vi.advanceTimersByTime(2000);
  expect(clockText(siteNow())).toBe('14:32:10');
  expect(ageText(at('2026-11-23T06:30:10Z'), siteNow())).toBe('2 分钟前');
});
