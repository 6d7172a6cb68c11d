/** Calendar fields of an instant in a time zone; month 1…12, weekday 1 (Monday)…7. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

/** The wall-clock fields at `epochMs` in an IANA time zone such as `Asia/Shanghai`. */
export function localTime(epochMs: number, timeZone: string): LocalTime {
  const at = new Date(epochMs + offsetMsAt(epochMs, timeZone));
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
    weekday: ((at.getUTCDay() + 6) % 7) + 1,
  };
}

/** Since 1972 zones change their offset on whole quarters of an hour alone. */
const QUARTER_MS = 900_000;
const SINCE_MS = Date.UTC(1972, 0, 1);
/** Quarters whose offset is remembered, of all zones together: asking Intl costs a hundred times more. */
const MOST_QUARTERS = 50_000;
const offsets = new Map<string, Map<number, number>>();
let quarters = 0;

/** How far local time is ahead of UTC, ms. */
function offsetMsAt(epochMs: number, timeZone: string): number {
  if (epochMs < SINCE_MS) return offsetByIntl(epochMs, timeZone);
  const quarter = Math.floor(epochMs / QUARTER_MS);
  const known = offsets.get(timeZone)?.get(quarter);
  if (known !== undefined) return known;
  const offsetMs = offsetByIntl(quarter * QUARTER_MS, timeZone);
  if (quarters >= MOST_QUARTERS) {
    offsets.clear();
    quarters = 0;
  }
  const ofZone = offsets.get(timeZone) ?? new Map<number, number>();
  offsets.set(timeZone, ofZone.set(quarter, offsetMs));
  quarters += 1;
  return offsetMs;
}

function offsetByIntl(epochMs: number, timeZone: string): number {
  const fields: Record<string, string> = {};
  for (const part of formatFor(timeZone).formatToParts(epochMs)) fields[part.type] = part.value;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = FIELDS.map((name) =>
    Number(fields[name]),
  );
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(epochMs / 1000) * 1000;
}

/** `2026-11-23`, the date at `epochMs` in the time zone. */
export function localDate(epochMs: number, timeZone: string): string {
  const { year, month, day } = localTime(epochMs, timeZone);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Minutes east of UTC in the time zone at `epochMs`. */
export function zoneOffsetMin(epochMs: number, timeZone: string): number {
  return Math.round(offsetMsAt(epochMs, timeZone) / 60_000);
}

/** The instant at which a wall-clock time occurs; in a gap of summer time the instant just after it, in an overlap the first. */
export function instantOf(date: string, hour: number, minute: number, timeZone: string): number {
  const wanted = Date.parse(`${date}T00:00:00Z`) + (hour * 60 + minute) * 60_000;
  const offsetAt = (instant: number): number => offsetMsAt(instant, timeZone);
  const early = wanted - offsetAt(wanted - 86_400_000);
  const late = wanted - offsetAt(wanted + 86_400_000);
  if (early + offsetAt(early) === wanted) return early;
  if (late + offsetAt(late) === wanted) return late;
  return Math.max(early, late);
}
