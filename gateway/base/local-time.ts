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
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

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
    weekday: 'short',
  });
  formats.set(timeZone, format);
  return format;
}

/** The wall-clock fields at `epochMs` in an IANA time zone such as `Asia/Shanghai`. */
export function localTime(epochMs: number, timeZone: string): LocalTime {
  const fields: Record<string, string> = {};
  for (const part of formatFor(timeZone).formatToParts(epochMs)) fields[part.type] = part.value;
  return {
    year: Number(fields['year']),
    month: Number(fields['month']),
    day: Number(fields['day']),
    hour: Number(fields['hour']),
    minute: Number(fields['minute']),
    second: Number(fields['second']),
    weekday: WEEKDAYS.indexOf(fields['weekday'] ?? '') + 1,
  };
}

/** `2026-11-23`, the date at `epochMs` in the time zone. */
export function localDate(epochMs: number, timeZone: string): string {
  const { year, month, day } = localTime(epochMs, timeZone);
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Minutes east of UTC in the time zone at `epochMs`. */
export function zoneOffsetMin(epochMs: number, timeZone: string): number {
  return Math.round(zoneOffsetMs(epochMs, timeZone) / 60_000);
}

function zoneOffsetMs(instant: number, timeZone: string): number {
  const at = localTime(instant, timeZone);
  return (
    Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second) - Math.floor(instant / 1000) * 1000
  );
}

/** The instant at which a wall-clock time occurs; in a gap of summer time the instant just after it, in an overlap the first. */
export function instantOf(date: string, hour: number, minute: number, timeZone: string): number {
  const wanted = Date.parse(`${date}T00:00:00Z`) + (hour * 60 + minute) * 60_000;
  const offsetAt = (instant: number): number => zoneOffsetMs(instant, timeZone);
  const early = wanted - offsetAt(wanted - 86_400_000);
  const late = wanted - offsetAt(wanted + 86_400_000);
  if (early + offsetAt(early) === wanted) return early;
  if (late + offsetAt(late) === wanted) return late;
  return Math.max(early, late);
}
