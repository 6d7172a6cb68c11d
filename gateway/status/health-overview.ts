import { toRfc3339 } from '../base/clock.ts';
import { instantOf, localDate } from '../base/local-time.ts';
import type { Light, HealthOverview } from '../contract/health.ts';
import type { LightHistory } from './light-history.ts';
import type { Downtime } from './uptime.ts';

/** One letter for each light: green, yellow, red, and a dash where nothing is known or counted. */
const LETTERS: Readonly<Record<Light, string>> = { green: 'g', yellow: 'y', red: 'r', grey: '-' };
const HALF_HOUR_MS = 1_800_000;
const CELLS = 48;
const DAY_MS = 86_400_000;

/** The spans that the bars of a health page stand for; the last ones end now. */
export interface OverviewSpans {
  /** Beginnings of the 48 half hours, and now. */
  halfHours: readonly number[];
  /** Beginnings of the days at the site, and now. */
  days: readonly number[];
  /** Names of the days, `2026-11-23`. */
  dates: readonly string[];
}

/** The spans of the last 24 hours and of the last `days` days at the site. */
export function overviewSpans(nowMs: number, days: number, timeZone: string): OverviewSpans {
  const firstMs = Math.floor(nowMs / HALF_HOUR_MS) * HALF_HOUR_MS - (CELLS - 1) * HALF_HOUR_MS;
  const starts = Array.from({ length: CELLS }, (_, index) => firstMs + index * HALF_HOUR_MS);
  const todayMs = Date.parse(`${localDate(nowMs, timeZone)}T00:00:00Z`);
  const dates = Array.from({ length: days }, (_, index) =>
    toRfc3339(todayMs - (days - 1 - index) * DAY_MS).slice(0, 10),
  );
  const dayStarts = dates.map((date) => instantOf(date, 0, 0, timeZone));
  return { halfHours: [...starts, nowMs], days: [...dayStarts, nowMs], dates };
}

/** One camera's bars; pure. */
export function overviewOf(
  camera: { cameraId: string; light: Light; sinceMs: number; bitrateKbps: number | null },
  history: LightHistory,
  downtimes: readonly Downtime[],
  { halfHours, days }: OverviewSpans,
): HealthOverview['items'][number] {
  const between = <Result>(ends: readonly number[], of: (fromMs: number, toMs: number) => Result): Result[] =>
    ends.slice(1).map((toMs, index) => of(ends[index] ?? toMs, toMs));
  const uptime = (fromMs: number, toMs: number): number | null =>
    rounded(history.uptime(downtimes, fromMs, toMs));
  const nowMs = halfHours.at(-1) ?? 0;
  return {
    cameraId: camera.cameraId,
    light: camera.light,
    since: toRfc3339(camera.sinceMs),
    bitrateKbps: camera.bitrateKbps,
    uptime: uptime(days[0] ?? nowMs, nowMs),
    halfHours: between(halfHours, (from, to) => LETTERS[history.worst(downtimes, from, to)]).join(''),
    days: between(days, uptime),
  };
}

function rounded(share: number | null): number | null {
  return share === null ? null : Math.floor(share * 10_000) / 10_000;
}
