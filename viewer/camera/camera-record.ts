import { signal } from '@preact/signals';
import type { Snapshot, SnapshotCalendar, SnapshotGap } from '../../gateway/contract/snapshot.ts';
import { gateway } from '../api/gateway.ts';
import type { Span } from '../api/gateway.ts';
import { dateText } from '../format/clock-text.ts';
import { dateAfter, siteInstant, siteNow } from '../format/site-time.ts';
import { monthAfter } from './month-days.ts';

/** Something that is fetched: not yet, there, or failed. */
export type Fetched<Value> =
  | { state: 'loading' }
  | { state: 'ready'; value: Value }
  | { state: 'failed'; error: unknown };

/** What the gateway holds of one day: its pictures, and the slots that have none. */
export interface Day {
  snapshots: readonly Snapshot[];
  gaps: readonly SnapshotGap[];
}

/** The snapshots of one camera as its page shows them: one day, one month, one picture, by the site's calendar; lives as long as the page. */
export class CameraRecord {
  readonly cameraId: string;
  /** `YYYY-MM-DD`. */
  readonly day = signal(dateText(siteNow()));
  /** `YYYY-MM`. */
  readonly month = signal(this.day.peek().slice(0, 7));
  readonly read = signal<Fetched<Day>>({ state: 'loading' });
  readonly calendar = signal<Fetched<SnapshotCalendar>>({ state: 'loading' });
  readonly monthGaps = signal<Fetched<SnapshotGap[]>>({ state: 'loading' });
  /** The picture shown large instead of live. */
  readonly picked = signal<Snapshot | null>(null);

  constructor(cameraId: string) {
    this.cameraId = cameraId;
  }

  start(): void {
    void this.#readDay();
    void this.#readMonth();
  }

  showDay(date: string): void {
    this.day.value = date;
    this.picked.value = null;
    this.read.value = { state: 'loading' };
    void this.#readDay();
    if (date.slice(0, 7) !== this.month.value) this.showMonth(date.slice(0, 7));
  }

  /** Goes `by` days on; never past today. */
  turnDay(by: number): void {
    const date = dateAfter(this.day.value, by);
    if (date <= dateText(siteNow())) this.showDay(date);
  }

  showMonth(month: string): void {
    this.month.value = month;
    this.calendar.value = { state: 'loading' };
    this.monthGaps.value = { state: 'loading' };
    void this.#readMonth();
  }

  /** Picks the picture before (-1) or after (1) in the day. */
  step(by: 1 | -1): void {
    const { value: now } = this.read;
    if (now.state !== 'ready') return;
    const { snapshots } = now.value;
    const at = snapshots.findIndex(({ id }) => id === this.picked.value?.id);
    const next = at < 0 ? (by < 0 ? snapshots.at(-1) : undefined) : snapshots[at + by];
    if (next !== undefined) this.picked.value = next;
    else if (by > 0) this.picked.value = null;
  }

  /** Takes a new snapshot into the day and the calendar. */
  add(snapshot: Snapshot): void {
    const { value: now } = this.read;
    if (now.state !== 'ready' || !this.#isOfDay(snapshot, snapshot.takenAt)) return;
    const { snapshots, gaps } = now.value;
    if (snapshots.some(({ id }) => id === snapshot.id)) return;
    this.read.value = { state: 'ready', value: { snapshots: [...snapshots, snapshot], gaps } };
    void this.#readMonth();
  }

  /** Takes a slot that just ended without a picture into the day and the calendar. */
  addGap(gap: SnapshotGap): void {
    const { value: now } = this.read;
    if (now.state !== 'ready' || !this.#isOfDay(gap, gap.scheduledFor)) return;
    const { snapshots, gaps } = now.value;
    if (gaps.some(({ scheduledFor }) => scheduledFor === gap.scheduledFor)) return;
    this.read.value = { state: 'ready', value: { snapshots, gaps: [...gaps, gap] } };
    void this.#readMonth();
  }

  /** From the day's first instant to the next day's: 23 or 25 hours where summer time begins or ends. */
  daySpan(): Span {
    const { value: day } = this.day;
    return { fromMs: siteInstant(day), toMs: siteInstant(dateAfter(day, 1)) };
  }

  readonly retryDay = (): void => this.showDay(this.day.value);

  #isOfDay({ cameraId }: { cameraId: string }, at: string): boolean {
    return cameraId === this.cameraId && dateText(Date.parse(at)) === this.day.value;
  }

  async #readDay(): Promise<void> {
    const day = this.day.value;
    const span = this.daySpan();
    const both = Promise.all([gateway.snapshots(this.cameraId, span), gateway.gaps(this.cameraId, span)]);
    const read = await fetched(both.then(([snapshots, gaps]) => ({ snapshots, gaps })));
    if (day === this.day.value) this.read.value = read;
  }

  async #readMonth(): Promise<void> {
    const month = this.month.value;
    const span = { fromMs: siteInstant(`${month}-01`), toMs: siteInstant(`${monthAfter(month, 1)}-01`) };
    const [calendar, gaps] = await Promise.all([
      fetched(gateway.calendar(this.cameraId, month)),
      fetched(gateway.gaps(this.cameraId, span)),
    ]);
    if (month !== this.month.value) return;
    this.calendar.value = calendar;
    this.monthGaps.value = gaps;
  }
}

async function fetched<Value>(reading: Promise<Value>): Promise<Fetched<Value>> {
  try {
    return { state: 'ready', value: await reading };
  } catch (error) {
    return { state: 'failed', error };
  }
}
