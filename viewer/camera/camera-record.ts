import { signal } from '@preact/signals';
import type { Snapshot, SnapshotCalendar } from '../../gateway/contract/snapshot.ts';
import { gateway } from '../api/gateway.ts';
import { dateText } from '../format/clock-text.ts';

/** Something that is fetched: not yet, there, or failed. */
export type Fetched<Value> =
  | { state: 'loading' }
  | { state: 'ready'; value: Value }
  | { state: 'failed'; error: unknown };

const DAY_MS = 24 * 3600_000;

/** The snapshots of one camera as its page shows them: one day, one month, one picture; lives as long as the page. */
export class CameraRecord {
  readonly cameraId: string;
  /** `YYYY-MM-DD`, local. */
  readonly day = signal(dateText(Date.now()));
  /** `YYYY-MM`. */
  readonly month = signal(this.day.peek().slice(0, 7));
  readonly snapshots = signal<Fetched<Snapshot[]>>({ state: 'loading' });
  readonly calendar = signal<Fetched<SnapshotCalendar>>({ state: 'loading' });
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
    this.snapshots.value = { state: 'loading' };
    void this.#readDay();
    if (date.slice(0, 7) !== this.month.value) this.showMonth(date.slice(0, 7));
  }

  /** Goes `by` days on; never past today. */
  turnDay(by: number): void {
    const date = dateText(this.dayStartMs() + DAY_MS / 2 + by * DAY_MS);
    if (date <= dateText(Date.now())) this.showDay(date);
  }

  showMonth(month: string): void {
    this.month.value = month;
    this.calendar.value = { state: 'loading' };
    void this.#readMonth();
  }

  /** Picks the picture before (-1) or after (1) in the day. */
  step(by: 1 | -1): void {
    const { value: now } = this.snapshots;
    if (now.state !== 'ready') return;
    const at = now.value.findIndex(({ id }) => id === this.picked.value?.id);
    const next = at < 0 ? (by < 0 ? now.value.at(-1) : undefined) : now.value[at + by];
    if (next !== undefined) this.picked.value = next;
    else if (by > 0) this.picked.value = null;
  }

  /** Takes a new snapshot into the day and the calendar. */
  add(snapshot: Snapshot): void {
    const { value: now } = this.snapshots;
    if (snapshot.cameraId !== this.cameraId || dateText(Date.parse(snapshot.takenAt)) !== this.day.value)
      return;
    if (now.state !== 'ready' || now.value.some(({ id }) => id === snapshot.id)) return;
    this.snapshots.value = { state: 'ready', value: [...now.value, snapshot] };
    void this.#readMonth();
  }

  dayStartMs(): number {
    const [year = 1970, month = 1, day = 1] = this.day.value.split('-').map(Number);
    return new Date(year, month - 1, day).getTime();
  }

  readonly retryDay = (): void => this.showDay(this.day.value);

  async #readDay(): Promise<void> {
    const day = this.day.value;
    const from = new Date(this.dayStartMs());
    const to = new Date(from.getFullYear(), from.getMonth(), from.getDate() + 1);
    const read = await fetched(gateway.snapshots(this.cameraId, from, to));
    if (day === this.day.value) this.snapshots.value = read;
  }

  async #readMonth(): Promise<void> {
    const month = this.month.value;
    const read = await fetched(gateway.calendar(this.cameraId, month));
    if (month === this.month.value) this.calendar.value = read;
  }
}

async function fetched<Value>(reading: Promise<Value>): Promise<Fetched<Value>> {
  try {
    return { state: 'ready', value: await reading };
  } catch (error) {
    return { state: 'failed', error };
  }
}
