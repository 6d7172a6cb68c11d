import { instantOf } from '../base/local-time.ts';
import type { DayTime, PlanSchedule, PlanWindow } from '../contract/schedule.ts';
import { sunTimes } from './sun-times.ts';
import type { Place } from './sun-times.ts';
import { dateAfter, weekdayOf, windowSlots } from './slots-of-day.ts';

const MINUTE_MS = 60_000;
/** Where the sun neither rises nor sets, or nobody has told the project's place. */
const WITHOUT_SUN = { sunrise: '06:00', sunset: '18:00' } as const;

/**
 * The slots of one local date of a plan, ascending and each once. Times with the sun are rounded to the minute; without a
 * place, or where the sun does not rise, sunrise counts as 06:00 and sunset as 18:00.
 */
export function planSlots(plan: PlanSchedule, date: string, timeZone: string, place: Place | null): number[] {
  if (plan.pauses.some(({ from, to }) => date >= from && date <= to)) return [];
  const slots = new Set<number>();
  for (const window of plan.windows)
    for (const slotMs of slotsOfWindow(window, date, timeZone, place)) slots.add(slotMs);
  if (plan.weekdays.includes(weekdayOf(date)))
    for (const time of plan.at) slots.add(instantOfDayTime(time, date, timeZone, place));
  const startMs = instantOf(date, 0, 0, timeZone);
  const endMs = instantOf(dateAfter(date), 0, 0, timeZone);
  return [...slots].filter((slotMs) => slotMs >= startMs && slotMs < endMs).sort((a, b) => a - b);
}

function slotsOfWindow(window: PlanWindow, date: string, timeZone: string, place: Place | null): number[] {
  const { from, to, everyMin } = window;
  if (isClockTime(from) && isClockTime(to)) return windowSlots(window, date, timeZone);
  if (!window.weekdays.includes(weekdayOf(date))) return [];
  const fromMs = instantOfDayTime(from, date, timeZone, place);
  const endDate = to === '00:00' ? dateAfter(date) : date;
  const toMs = instantOfDayTime(to, endDate, timeZone, place);
  const slots: number[] = [];
  for (let slotMs = fromMs; slotMs < toMs; slotMs += everyMin * MINUTE_MS) slots.push(slotMs);
  return slots;
}

function instantOfDayTime(time: DayTime, date: string, timeZone: string, place: Place | null): number {
  const [, event, offset = '0'] = /^(sunrise|sunset)([+-]\d+)?$/.exec(time) ?? [];
  if (event !== 'sunrise' && event !== 'sunset') return instantOfClockTime(time, date, timeZone);
  const times = place && sunTimes(date, place);
  const sunMs = event === 'sunrise' ? times?.sunriseMs : times?.sunsetMs;
  const instantMs = sunMs ?? instantOfClockTime(WITHOUT_SUN[event], date, timeZone);
  return Math.round(instantMs / MINUTE_MS) * MINUTE_MS + Number(offset) * MINUTE_MS;
}

function instantOfClockTime(time: string, date: string, timeZone: string): number {
  return instantOf(date, Number(time.slice(0, 2)), Number(time.slice(3)), timeZone);
}

function isClockTime(time: DayTime): boolean {
  return /^\d/.test(time);
}
