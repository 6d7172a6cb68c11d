import type { SnapshotCalendar } from '../../gateway/contract/snapshot.ts';

/** One square of the calendar, counted in slots of the schedule (a picture taken by hand is none); `step` 0 (none) to 4 (all) of the coverage ramp, null when nothing was due. */
export interface MonthDay {
  date: string;
  day: number;
  step: 0 | 1 | 2 | 3 | 4 | null;
  taken: number;
  missed: number;
  future: boolean;
}

/** Calendar of a month: how many empty squares come first (weeks begin on Monday) and its days. */
export interface MonthView {
  lead: number;
  days: MonthDay[];
  taken: number;
  expected: number;
}

function stepOf(taken: number, expected: number): MonthDay['step'] {
  if (expected === 0) return null;
  const share = taken / expected;
  if (share <= 0) return 0;
  if (share >= 0.95) return 4;
  return share >= 0.75 ? 3 : share >= 0.5 ? 2 : 1;
}

/** The squares of a month `YYYY-MM` with what the gateway says of each day; `today` is `YYYY-MM-DD`. */
export function monthView(month: string, calendar: SnapshotCalendar | null, today: string): MonthView {
  const [year = 1970, number = 1] = month.split('-').map(Number);
  const lead = (new Date(Date.UTC(year, number - 1, 1)).getUTCDay() + 6) % 7;
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const told = new Map((calendar?.days ?? []).map((day) => [day.date, day]));
  const view: MonthView = { lead, days: [], taken: 0, expected: 0 };
  for (let day = 1; day <= length; day += 1) {
    const date = `${month}-${String(day).padStart(2, '0')}`;
    const { taken = 0, missed = 0 } = told.get(date) ?? {};
    view.taken += taken;
    view.expected += taken + missed;
    view.days.push({ date, day, step: stepOf(taken, taken + missed), taken, missed, future: date > today });
  }
  return view;
}

/** The month `by` months after `YYYY-MM`. */
export function monthAfter(month: string, by: number): string {
  const [year = 1970, number = 1] = month.split('-').map(Number);
  const at = new Date(Date.UTC(year, number - 1 + by, 1));
  return at.toISOString().slice(0, 7);
}
