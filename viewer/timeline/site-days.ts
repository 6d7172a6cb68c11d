import { dateAfter, siteFields, siteInstant } from '../format/site-time.ts';

const MINUTE_MS = 60_000;
const MOST_KEPT = 5000;
const beginnings = new Map<string, number>();

/** The first instant of a date at the site; kept, because a film strip asks for it at every frame. */
export function dayBegins(date: string): number {
  const known = beginnings.get(date);
  if (known !== undefined) return known;
  if (beginnings.size >= MOST_KEPT) beginnings.clear();
  const begins = siteInstant(date);
  beginnings.set(date, begins);
  return begins;
}

/** Forgets what it keeps: the site's zone may be another for the next user. */
export function forgetDays(): void {
  beginnings.clear();
}

/** From a date's first instant to the next one's. */
export function daySpan(date: string): { fromMs: number; toMs: number } {
  return { fromMs: dayBegins(date), toMs: dayBegins(dateAfter(date, 1)) };
}

/** The instant of a date at minutes after midnight by the site's clock, also where summer time shifts it. */
export function instantAt(date: string, minuteOfDay: number): number {
  const hour = Math.floor(minuteOfDay / 60);
  return siteInstant(date, hour) + (minuteOfDay - hour * 60) * MINUTE_MS;
}

/** Minutes since midnight on the site's clock, 0 to 1439. */
export function minuteOfDay(atMs: number): number {
  const { hour, minute } = siteFields(atMs);
  return hour * 60 + minute;
}

/** Whole days from one date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** The date `months` before another, the last of its month where that is shorter. */
export function monthsBefore(date: string, months: number): string {
  const [year = 1970, month = 1, day = 1] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  const at = new Date(Date.UTC(year, month - 1 - months, Math.min(day, last)));
  return at.toISOString().slice(0, 10);
}
