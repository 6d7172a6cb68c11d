import { signal } from '@preact/signals';

/** Calendar fields of an instant at the site; month 1…12, weekday 1 (Monday)…7. */
export interface SiteFields {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  weekday: 1 | 2 | 3 | 4 | 5 | 6 | 7;
}

interface Site {
  format: Intl.DateTimeFormat;
  /** The gateway's clock less this device's, ms. */
  aheadMs: number;
  /** What the site's clock is ahead of UTC, by quarter of an hour: formatting is slow, and a film strip asks at every frame. */
  ahead: Map<number, number>;
}

const DAY_MS = 24 * 3600_000;
/** Clocks are put forward and back at whole quarters. */
const QUARTER_MS = 15 * 60_000;
const MOST_QUARTERS = 20_000;

/** The browser's own zone and clock, until the gateway has told the site's. */
const site = signal<Site>({ format: formatOf(undefined), aheadMs: 0, ahead: new Map() });

function formatOf(timeZone: string | undefined): Intl.DateTimeFormat {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat('en-US', { ...fields, ...clock, timeZone });
}

/** Takes the site's zone (IANA name) and the gateway's clock as a session told them just now; a zone that this browser does not know is left as it was. */
export function keepSiteTime(told: { timeZone: string; now: string }): void {
  const aheadMs = Date.parse(told.now) - Date.now();
  try {
    site.value = { format: formatOf(told.timeZone), aheadMs, ahead: new Map() };
  } catch {
    site.value = { ...site.peek(), aheadMs };
  }
}

/** The time by the gateway's clock, ms since the epoch; a wrong clock of this device does not show. */
export function siteNow(): number {
  return Date.now() + site.peek().aheadMs;
}

/** The site's wall clock at an instant. */
export function siteFields(atMs: number): SiteFields {
  const wall = new Date(atMs + aheadOfUtcMs(atMs));
  return {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    weekday: (wall.getUTCDay() || 7) as SiteFields['weekday'],
  };
}

function aheadOfUtcMs(atMs: number): number {
  const { format, ahead } = site.value;
  const quarter = Math.floor(atMs / QUARTER_MS);
  const known = ahead.get(quarter);
  if (known !== undefined) return known;
  if (ahead.size >= MOST_QUARTERS) ahead.clear();
  const told = Number.isNaN(atMs) ? 0 : readAheadMs(format, quarter * QUARTER_MS);
  ahead.set(quarter, told);
  return told;
}

function readAheadMs(format: Intl.DateTimeFormat, atMs: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(atMs)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - atMs;
}

/** The instant at which `hour` of the date `YYYY-MM-DD` begins at the site; where summer time skips it the one just after, where it comes twice the first. */
export function siteInstant(date: string, hour = 0): number {
  const wanted = Date.parse(`${date}T00:00:00Z`) + hour * 3600_000;
  const early = wanted - aheadOfUtcMs(wanted - DAY_MS);
  const late = wanted - aheadOfUtcMs(wanted + DAY_MS);
  if (early + aheadOfUtcMs(early) === wanted) return early;
  return late + aheadOfUtcMs(late) === wanted ? late : Math.max(early, late);
}

/** The date `by` days after `YYYY-MM-DD`. */
export function dateAfter(date: string, by: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);
}
