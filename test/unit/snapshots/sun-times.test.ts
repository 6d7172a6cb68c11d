import { describe, expect, it } from 'vitest';
import { sunTimes } from '../../../gateway/snapshots/sun-times.ts';

const MINUTE = 60_000;

/** Sunrise and sunset from almanacs (UTC), to the minute. */
const almanac: [name: string, date: string, lat: number, lon: number, rise: string, set: string][] = [
  // Hong Kong Observatory and timeanddate.com give local times; these are UTC.
  ['Beijing at midsummer', '2026-06-21', 39.9042, 116.4074, '2026-06-20T20:46Z', '2026-06-21T11:46Z'],
  ['Beijing at midwinter', '2026-12-22', 39.9042, 116.4074, '2026-12-21T23:33Z', '2026-12-22T08:53Z'],
  ['Shanghai at the equinox', '2026-03-20', 31.2304, 121.4737, '2026-03-19T21:58Z', '2026-03-20T10:04Z'],
  ['Berlin at midsummer', '2026-06-21', 52.52, 13.405, '2026-06-21T02:43Z', '2026-06-21T19:33Z'],
  ['Quito on any day', '2026-09-10', -0.18, -78.47, '2026-09-10T11:07Z', '2026-09-10T23:14Z'],
];

describe('sunTimes', () => {
  it.each(almanac)('agrees with the almanac: %s', (_name, date, lat, lon, rise, set) => {
    const { sunriseMs, sunsetMs } = sunTimes(date, { lat, lon });
    expect(Math.abs((sunriseMs ?? 0) - Date.parse(rise))).toBeLessThanOrEqual(2 * MINUTE);
    expect(Math.abs((sunsetMs ?? 0) - Date.parse(set))).toBeLessThanOrEqual(2 * MINUTE);
  });

  it('gives none where the sun does not rise or set', () => {
    const tromso = { lat: 69.65, lon: 18.96 };
    expect(sunTimes('2026-12-21', tromso)).toEqual({ sunriseMs: null, sunsetMs: null });
    expect(sunTimes('2026-06-21', tromso)).toEqual({ sunriseMs: null, sunsetMs: null });
    expect(sunTimes('2026-03-20', tromso).sunriseMs).not.toBeNull();
  });
});
