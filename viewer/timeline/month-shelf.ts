import { signal } from '@preact/signals';
import { gateway } from '../api/gateway.ts';
import { monthAfter } from '../camera/month-days.ts';
import { dateText } from '../format/clock-text.ts';
import { dayBegins } from './site-days.ts';
import { fetched } from './fetched.ts';
import type { SnapshotCalendar, SnapshotGap } from '../../gateway/contract/snapshot.ts';
import type { Fetched } from './fetched.ts';

/** What the gateway says of a month: how much was due and kept a day, and what is missing. */
export interface MonthFacts {
  calendar: SnapshotCalendar;
  gaps: readonly SnapshotGap[];
  /** Slots without picture by date, in order, ms. */
  gapsMs: ReadonlyMap<string, readonly number[]>;
}

const MOST_MONTHS = 36;
const NONE: readonly number[] = [];

/** The months of one camera's record, read when wanted; lives as long as its page. */
export class MonthShelf {
  readonly #cameraId: string;
  readonly #months = new Map<string, Fetched<MonthFacts>>();
  /** Grows whenever a month has come; who shows months reads it. */
  readonly arrivals = signal(0);

  constructor(cameraId: string) {
    this.#cameraId = cameraId;
  }

  /** A month as far as it is known. */
  get(month: string): Fetched<MonthFacts> {
    return this.#months.get(month) ?? { state: 'loading' };
  }

  /** Reads a month unless it is here; `anew` also then, showing the old facts meanwhile. */
  async want(month: string, anew = false): Promise<void> {
    const known = this.#months.get(month);
    if (known && known.state !== 'failed' && !anew) return;
    if (!known || known.state === 'failed') this.#keep(month, { state: 'loading' });
    this.#keep(month, await fetched(this.#read(month)));
  }

  /** Slots of a date without picture, in order. */
  gapsOf(date: string): readonly number[] {
    const facts = this.#months.get(date.slice(0, 7));
    return facts?.state === 'ready' ? (facts.value.gapsMs.get(date) ?? NONE) : NONE;
  }

  #keep(month: string, facts: Fetched<MonthFacts>): void {
    this.#months.delete(month);
    this.#months.set(month, facts);
    for (const oldest of this.#months.keys()) {
      if (this.#months.size <= MOST_MONTHS) break;
      this.#months.delete(oldest);
    }
    this.arrivals.value += 1;
  }

  async #read(month: string): Promise<MonthFacts> {
    const span = { fromMs: dayBegins(`${month}-01`), toMs: dayBegins(`${monthAfter(month, 1)}-01`) };
    const [calendar, gaps] = await Promise.all([
      gateway.calendar(this.#cameraId, month),
      gateway.gaps(this.#cameraId, span),
    ]);
    const gapsMs = new Map<string, number[]>();
    for (const { scheduledFor } of gaps) {
      const atMs = Date.parse(scheduledFor);
      const date = dateText(atMs);
      const ofDay = gapsMs.get(date);
      if (ofDay) ofDay.push(atMs);
      else gapsMs.set(date, [atMs]);
    }
    return { calendar, gaps, gapsMs };
  }
}
