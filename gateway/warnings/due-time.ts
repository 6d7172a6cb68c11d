import { instantOf, localDate, localTime } from '../base/local-time.ts';
import type { RuleCreate } from '../contract/notification.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** When what came up at `atMs` is told by a digest: at once, at the next full interval of the site's day, or at its hour. */
export function digestTime(atMs: number, digest: RuleCreate['digest'], timeZone: string): number {
  if (digest.kind === 'immediate') return atMs;
  if (digest.kind === 'daily') return nextAt(atMs, digest.at, timeZone);
  const midnight = instantOf(localDate(atMs, timeZone), 0, 0, timeZone);
  const intervalMs = digest.minutes * MINUTE_MS;
  const next = midnight + Math.ceil((atMs - midnight) / intervalMs) * intervalMs;
  // The last interval of a day ends with the day, so that every day's digests come at the same hours.
  return Math.min(next, Math.max(atMs, nextAt(midnight + MINUTE_MS, '00:00', timeZone)));
}

/** `atMs`, or the end of the quiet hours that it falls into; red passes through where the rule says so. */
export function afterQuiet(
  atMs: number,
  quiet: RuleCreate['quietHours'],
  light: 'yellow' | 'red',
  timeZone: string,
): number {
  if (quiet === null || (light === 'red' && quiet.redBreaksThrough)) return atMs;
  const { hour, minute } = localTime(atMs, timeZone);
  const now = hour * 60 + minute;
  const from = minutesOf(quiet.from);
  const to = minutesOf(quiet.to);
  const within = from <= to ? now >= from && now < to : now >= from || now < to;
  return within ? nextAt(atMs, quiet.to, timeZone) : atMs;
}

/** The first instant at or after `atMs` when the site's clock shows `HH:MM`. */
function nextAt(atMs: number, time: string, timeZone: string): number {
  const minutes = minutesOf(time);
  for (const ahead of [0, 1]) {
    const date = localDate(atMs + ahead * DAY_MS, timeZone);
    const instant = instantOf(date, Math.floor(minutes / 60), minutes % 60, timeZone);
    if (instant >= atMs) return instant;
  }
  return atMs + DAY_MS;
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
