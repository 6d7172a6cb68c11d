import { Cron } from 'croner';
import { GatewayError, messageOf } from '../base/gateway-error.ts';
import { instantOf, localTime } from '../base/local-time.ts';
import type { CronSchedule, WindowSchedule } from '../contract/schedule.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MINUTES_OF_DAY = 1440;

/** The next calendar date after `2026-11-23`; `by` may be negative. */
export function dateAfter(date: string, by = 1): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);
}

/** Monday is 1. */
export function weekdayOf(date: string): number {
  return ((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

/** A cron expression ready to be asked; throws `bad-request` naming the mistake. */
export function cronOf(expression: string, timeZone: string): Cron {
  try {
    return new Cron(expression, { timezone: timeZone, paused: true, mode: '5-part' });
  } catch (error) {
    throw new GatewayError('bad-request', `"${expression}" is not a cron expression: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** The slots of one local date by a cron expression, ascending. Throws `bad-request` when it cannot be read. */
export function cronSlots(expression: CronSchedule, date: string, timeZone: string): number[] {
  const startMs = instantOf(date, 0, 0, timeZone);
  const endMs = instantOf(dateAfter(date), 0, 0, timeZone);
  const cron = cronOf(expression, timeZone);
  const slots: number[] = [];
  for (let next = cron.nextRun(new Date(startMs - 1)); next; next = cron.nextRun(next)) {
    const slotMs = next.getTime();
    if (slotMs >= endMs) break;
    slots.push(slotMs);
  }
  return slots;
}

/**
 * The slots of one local date of a window, ascending, as instants. A slot whose wall-clock time summer time skips moves
 * to the end of the gap; where the clock is set back, the repeated hour has slots of its own as far as the interval allows.
 */
export function windowSlots(schedule: WindowSchedule, date: string, timeZone: string): number[] {
  if (!schedule.weekdays.includes(weekdayOf(date))) return [];
  const midnightUtcMs = Date.parse(`${date}T00:00:00Z`);
  const startMs = instantOf(date, 0, 0, timeZone);
  const endMs = instantOf(dateAfter(date), 0, 0, timeZone);
  const [before, after] = spansOf(startMs, endMs, timeZone);
  const everyMs = schedule.everyMin * MINUTE_MS;
  const first: number[] = [];
  const second: { slotMs: number; repeated: boolean }[] = [];
  for (const minute of minutesOf(schedule)) {
    const wallMs = midnightUtcMs + minute * MINUTE_MS;
    const inBefore = within(wallMs - before.offsetMs, before);
    if (inBefore) first.push(wallMs - before.offsetMs);
    if (within(wallMs - after.offsetMs, after)) {
      second.push({ slotMs: wallMs - after.offsetMs, repeated: inBefore });
    } else if (!inBefore) {
      second.push({ slotMs: after.fromMs, repeated: false });
    }
  }
  const slots = first;
  for (const { slotMs, repeated } of second.sort((a, b) => a.slotMs - b.slotMs)) {
    const last = slots.at(-1) ?? -Infinity;
    if (slotMs > last && (!repeated || slotMs - last >= everyMs)) slots.push(slotMs);
  }
  return slots;
}

/** Minutes after midnight that the window holds; one that ends before it begins runs over midnight. */
function minutesOf({ everyMin, from, to }: WindowSchedule): number[] {
  const fromMin = minuteOf(from);
  const toMin = minuteOf(to) || MINUTES_OF_DAY;
  const minutes: number[] = [];
  for (let minute = 0; minute < MINUTES_OF_DAY; minute += everyMin) {
    const inside =
      fromMin < toMin ? minute >= fromMin && minute < toMin : minute >= fromMin || minute < toMin;
    if (inside) minutes.push(minute);
  }
  return minutes;
}

function minuteOf(clockTime: string): number {
  const [hour = '0', minute = '0'] = clockTime.split(':');
  return Number(hour) * 60 + Number(minute);
}

/** A stretch of the day with one offset from UTC. */
interface Span {
  fromMs: number;
  toMs: number;
  offsetMs: number;
}

function within(instantMs: number, span: Span): boolean {
  return instantMs >= span.fromMs && instantMs < span.toMs;
}

/** The day before and after its change of offset; on a day without one the first span is empty. */
function spansOf(startMs: number, endMs: number, timeZone: string): [Span, Span] {
  const firstOffset = offsetAt(startMs, timeZone);
  const lastOffset = offsetAt(endMs - 1000, timeZone);
  const changeMs = firstOffset === lastOffset ? startMs : changeOf(firstOffset, startMs, endMs, timeZone);
  return [
    { fromMs: startMs, toMs: changeMs, offsetMs: firstOffset },
    { fromMs: changeMs, toMs: endMs, offsetMs: lastOffset },
  ];
}

/** The second at which the offset stops being `offsetMs`. */
function changeOf(offsetMs: number, startMs: number, endMs: number, timeZone: string): number {
  let low = startMs;
  let high = endMs;
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000;
    if (offsetAt(middle, timeZone) === offsetMs) low = middle;
    else high = middle;
  }
  return high;
}

function offsetAt(instantMs: number, timeZone: string): number {
  const at = localTime(instantMs, timeZone);
  return (
    Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second) -
    Math.floor(instantMs / 1000) * 1000
  );
}
