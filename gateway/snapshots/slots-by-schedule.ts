import type { SnapshotSchedule } from '../contract/schedule.ts';
import { planSlots } from './plan-slots.ts';
import { cronSlots, windowSlots } from './slots-of-day.ts';
import type { Place } from './sun-times.ts';

/** The slots of one local date in ascending order, as instants. Throws `bad-request` for a cron expression that cannot be read. */
export function slotsBySchedule(
  schedule: SnapshotSchedule,
  date: string,
  timeZone: string,
  place: Place | null,
): number[] {
  if (typeof schedule === 'string') return cronSlots(schedule, date, timeZone);
  if ('windows' in schedule) return planSlots(schedule, date, timeZone, place);
  return windowSlots(schedule, date, timeZone);
}

/** True when the slots depend on where the camera stands. */
export function followsSun(schedule: SnapshotSchedule): boolean {
  if (typeof schedule === 'string' || !('windows' in schedule)) return false;
  const times = [...schedule.at, ...schedule.windows.flatMap(({ from, to }) => [from, to])];
  return times.some((time) => time.startsWith('sun'));
}

/** The day after the last pause of a plan that holds on this date or later; null without one. */
export function endOfPauses(schedule: SnapshotSchedule, date: string): string | null {
  if (typeof schedule === 'string' || !('windows' in schedule)) return null;
  const ends = schedule.pauses.filter(({ to }) => to >= date).map(({ to }) => to);
  return ends.length === 0 ? null : ends.reduce((last, to) => (to > last ? to : last));
}
