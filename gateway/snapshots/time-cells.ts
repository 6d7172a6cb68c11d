import { instantOf, localDate, localTime } from '../base/local-time.ts';
import { dateAfter } from './slots-of-day.ts';
import type { TimeCell } from './snapshot-store.ts';

/** Periods that a list can be thinned to. */
export type Period = 'hour' | 'day' | 'week' | 'month';

/** A day (or, for `hour`, an hour) with the name of the period that it belongs to. */
export interface PeriodCell extends TimeCell {
  period: string;
}

const HOUR_MS = 3_600_000;

/**
 * The cell that holds the instant. Its target is the local hour (12.5 is 12:30) of the day; for `hour` only the minutes
 * of it count. Weeks begin on Monday.
 */
export function cellAt(instantMs: number, period: Period, hour: number, timeZone: string): PeriodCell {
  if (period === 'hour') {
    const at = localTime(instantMs, timeZone);
    const intoHourMs = (at.minute * 60 + at.second) * 1000 + (((instantMs % 1000) + 1000) % 1000);
    const startMs = instantMs - intoHourMs;
    const targetMs = startMs + (hour % 1) * HOUR_MS;
    return { startMs, endMs: startMs + HOUR_MS, targetMs, period: String(startMs) };
  }
  const date = localDate(instantMs, timeZone);
  const minutes = Math.round(hour * 60);
  return {
    startMs: instantOf(date, 0, 0, timeZone),
    endMs: instantOf(dateAfter(date), 0, 0, timeZone),
    targetMs: instantOf(date, Math.floor(minutes / 60), minutes % 60, timeZone),
    period: periodName(date, period),
  };
}

function periodName(date: string, period: 'day' | 'week' | 'month'): string {
  if (period === 'day') return date;
  if (period === 'month') return date.slice(0, 7);
  return dateAfter(date, -((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7));
}
