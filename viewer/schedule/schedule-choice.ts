import type { SnapshotSchedule, WindowSchedule } from '../../gateway/contract/schedule.ts';

/** The hours in which most sites work. */
const DAY = { from: '06:30', to: '18:30', weekdays: [1, 2, 3, 4, 5, 6, 7] };

/** Intervals in minutes that a list offers. */
export const INTERVALS_MIN = [10, 15, 30, 60, 120] as const;

/** What a person picked: the site's own schedule, one of the list, or fields of their own. */
export type ScheduleChoice = 'site' | `${number}` | 'own';

/** Which entry of the list a schedule is. */
export function choiceOf(schedule: SnapshotSchedule | null): ScheduleChoice {
  if (schedule === null) return 'site';
  if (typeof schedule === 'string' || 'windows' in schedule) return 'own';
  const { everyMin, from, to, weekdays } = schedule;
  const isListed = INTERVALS_MIN.some((minutes) => minutes === everyMin);
  return isListed && from === DAY.from && to === DAY.to && weekdays.length === 7 ? `${everyMin}` : 'own';
}

/** The schedule of an entry; `own` keeps what there is, or begins with half-hours in the day. */
export function scheduleOf(choice: ScheduleChoice, before: SnapshotSchedule | null): SnapshotSchedule | null {
  if (choice === 'site') return null;
  if (choice === 'own') return before !== null && choiceOf(before) === 'own' ? before : ownWindow();
  return { ...DAY, weekdays: [...DAY.weekdays], everyMin: Number(choice) };
}

/** Fields to begin an own schedule with: told apart from the list's by its hours. */
function ownWindow(): WindowSchedule {
  return { everyMin: 30, from: '07:00', to: '19:00', weekdays: [1, 2, 3, 4, 5, 6, 7] };
}

/** Minutes since midnight of `HH:MM`. */
function minutesOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
}

/** Pictures on a working day; null where only the gateway knows (its own schedule, cron, plans of several parts). */
export function picturesADay(schedule: SnapshotSchedule | null): number | null {
  if (schedule === null || typeof schedule === 'string' || 'windows' in schedule) return null;
  const from = minutesOf(schedule.from);
  const to = minutesOf(schedule.to) || 1440;
  const first = Math.ceil(from / schedule.everyMin);
  const end = Math.ceil(to / schedule.everyMin);
  return Math.max(0, end - first);
}
