import { describe, expect, it } from 'vitest';
import { instantOf, localDate, localTime } from '../../../gateway/base/local-time.ts';

describe('local time', () => {
  it('splits an instant into the fields of its zone', () => {
    const at = Date.parse('2026-11-23T17:30:05Z');
    expect(localTime(at, 'Asia/Shanghai')).toEqual({
      year: 2026,
      month: 11,
      day: 24,
      hour: 1,
      minute: 30,
      second: 5,
      weekday: 2,
    });
    expect(localDate(at, 'Asia/Shanghai')).toBe('2026-11-24');
    expect(localDate(at, 'Europe/Berlin')).toBe('2026-11-23');
  });

  it('finds the instant of a local time', () => {
    expect(instantOf('2026-11-24', 1, 30, 'Asia/Shanghai')).toBe(Date.parse('2026-11-23T17:30:00Z'));
    expect(instantOf('2026-07-01', 8, 0, 'Europe/Berlin')).toBe(Date.parse('2026-07-01T06:00:00Z'));
    expect(instantOf('2026-12-01', 8, 0, 'America/New_York')).toBe(Date.parse('2026-12-01T13:00:00Z'));
  });

  it('takes the first of the two 02:30 when summer time ends', () => {
    expect(instantOf('2026-10-25', 2, 30, 'Europe/Berlin')).toBe(Date.parse('2026-10-25T00:30:00Z'));
  });

  it('moves a time that summer time skips to the instant behind the gap', () => {
    expect(instantOf('2026-03-29', 2, 30, 'Europe/Berlin')).toBe(Date.parse('2026-03-29T01:30:00Z'));
  });

  it('agrees with itself at every hour of two years', () => {
    for (const zone of ['Europe/Berlin', 'Asia/Shanghai', 'America/St_Johns', 'Australia/Lord_Howe']) {
      for (
        let at = Date.parse('2026-01-01T00:00:00Z');
        at < Date.parse('2028-01-01T00:00:00Z');
        at += 3_600_000 * 7
      ) {
        const { hour, minute } = localTime(at, zone);
        const again = instantOf(localDate(at, zone), hour, minute, zone);
        expect(localTime(again, zone)).toEqual(localTime(at, zone));
      }
    }
  });
});
