import { localDate } from '../base/local-time.ts';
import type { SnapshotSchedule } from '../contract/schedule.ts';
import { endOfPauses, followsSun, slotsBySchedule } from './slots-by-schedule.ts';
import { cronOf, dateAfter } from './slots-of-day.ts';
import type { Place } from './sun-times.ts';

/** Days kept; with the same schedule on many cameras a day is computed once. */
const DAYS_KEPT = 4096;
/** A window schedule names at least one weekday, so its next slot is never further away. */
const WINDOW_SEARCH_DAYS = 9;
/** Pauses that follow one another may lie years ahead. */
const MOST_SEARCH_DAYS = 1500;

/** Answers which slots a schedule has in the site's time zone; remembers lately used days; lives as long as the gateway. */
export class SlotCalendar {
  readonly timeZone: string;
  readonly #days = new Map<string, readonly number[]>();

  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  /** Slots with `fromMs` ≤ slot < `toMs`, ascending. Throws `bad-request` for a cron expression that cannot be read. */
  between(schedule: SnapshotSchedule, fromMs: number, toMs: number, place: Place | null = null): number[] {
    const slots: number[] = [];
    if (toMs <= fromMs) return slots;
    const lastDate = localDate(toMs - 1, this.timeZone);
    for (let date = localDate(fromMs, this.timeZone); date <= lastDate; date = dateAfter(date)) {
      for (const slotMs of this.#day(schedule, date, place)) {
        if (slotMs >= fromMs && slotMs < toMs) slots.push(slotMs);
      }
    }
    return slots;
  }

  /** The first slot after `afterMs`, or null when the schedule has none any more. Throws like `between`. */
  next(schedule: SnapshotSchedule, afterMs: number, place: Place | null = null): number | null {
    const firstDate = localDate(afterMs, this.timeZone);
    const pausedUntil = endOfPauses(schedule, firstDate) ?? firstDate;
    const lastDate = dateAfter(pausedUntil, WINDOW_SEARCH_DAYS);
    let date = firstDate;
    for (let day = 0; date <= lastDate && day < MOST_SEARCH_DAYS; day += 1) {
      const slotMs = this.#day(schedule, date, place).find((candidate) => candidate > afterMs);
      if (slotMs !== undefined) return slotMs;
      date = dateAfter(date);
    }
    if (typeof schedule !== 'string') return null;
    return cronOf(schedule, this.timeZone).nextRun(new Date(afterMs))?.getTime() ?? null;
  }

  #day(schedule: SnapshotSchedule, date: string, place: Place | null): readonly number[] {
    const where = place && followsSun(schedule) ? `${place.lat},${place.lon}` : '';
    const key = `${date} ${where} ${typeof schedule === 'string' ? schedule : JSON.stringify(schedule)}`;
    const known = this.#days.get(key);
    if (known) return known;
    const slots = slotsBySchedule(schedule, date, this.timeZone, place);
    const [oldest] = this.#days.keys();
    if (this.#days.size >= DAYS_KEPT && oldest !== undefined) this.#days.delete(oldest);
    this.#days.set(key, slots);
    return slots;
  }
}
