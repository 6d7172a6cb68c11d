import { localDate } from '../base/local-time.ts';
import type { SnapshotSchedule } from '../contract/schedule.ts';
import { cronOf, dateAfter, slotsOfDay } from './slots-of-day.ts';

/** Days kept; with the same schedule on many cameras a day is computed once. */
const DAYS_KEPT = 512;
/** A window schedule names at least one weekday, so its next slot is never further away. */
const WINDOW_SEARCH_DAYS = 9;

/** Answers which slots a schedule has in the site's time zone; remembers lately used days; lives as long as the gateway. */
export class SlotCalendar {
  readonly timeZone: string;
  readonly #days = new Map<string, readonly number[]>();

  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  /** Slots with `fromMs` ≤ slot < `toMs`, ascending. Throws `bad-request` for a cron expression that cannot be read. */
  between(schedule: SnapshotSchedule, fromMs: number, toMs: number): number[] {
    const slots: number[] = [];
    if (toMs <= fromMs) return slots;
    const lastDate = localDate(toMs - 1, this.timeZone);
    for (let date = localDate(fromMs, this.timeZone); date <= lastDate; date = dateAfter(date)) {
      for (const slotMs of this.#day(schedule, date)) {
        if (slotMs >= fromMs && slotMs < toMs) slots.push(slotMs);
      }
    }
    return slots;
  }

  /** The first slot after `afterMs`, or null when the schedule has none any more. Throws like `between`. */
  next(schedule: SnapshotSchedule, afterMs: number): number | null {
    let date = localDate(afterMs, this.timeZone);
    for (let day = 0; day < WINDOW_SEARCH_DAYS; day += 1) {
      const slotMs = this.#day(schedule, date).find((candidate) => candidate > afterMs);
      if (slotMs !== undefined) return slotMs;
      date = dateAfter(date);
    }
    if (typeof schedule !== 'string') return null;
    return cronOf(schedule, this.timeZone).nextRun(new Date(afterMs))?.getTime() ?? null;
  }

  #day(schedule: SnapshotSchedule, date: string): readonly number[] {
    const key = `${date} ${typeof schedule === 'string' ? schedule : JSON.stringify(schedule)}`;
    const known = this.#days.get(key);
    if (known) return known;
    const slots = slotsOfDay(schedule, date, this.timeZone);
    const [oldest] = this.#days.keys();
    if (this.#days.size >= DAYS_KEPT && oldest !== undefined) this.#days.delete(oldest);
    this.#days.set(key, slots);
    return slots;
  }
}
