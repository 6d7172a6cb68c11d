import { computed, signal } from '@preact/signals';
import { gateway } from '../api/gateway.ts';
import { dateText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';
import { MonthShelf } from './month-shelf.ts';
import { SheetShelf } from './sheet-shelf.ts';
import { indexOf, noPictures, readIndex } from './picture-index.ts';
import { daySpan, forgetDays, instantAt, minuteOfDay, monthsBefore } from './site-days.ts';
import { fetched } from './fetched.ts';
import { firstComparison, similarLight } from './similar-light.ts';
import type { Snapshot, SnapshotGap } from '../../gateway/contract/snapshot.ts';
import type { Fetched } from './fetched.ts';
import type { PictureIndex } from './picture-index.ts';
import type { Decode, SheetName } from './sheet-shelf.ts';

/** One picture, two compared, or a time-lapse. */
export type Mode = 'one' | 'compare' | 'lapse';

/** Where the page of an address begins. */
export interface Beginning {
  atMs: number | null;
  thenMs: number | null;
  mode: Mode;
}

/** A picture is at rest, and all about it is fetched, once nothing has moved for this long. */
const SETTLE_MS = 160;
const PLAY_MS = 250;
const TILES_A_PAGE = 96;

/** The record of one camera as its timeline shows it: the index, the picture selected, the one compared with; lives as long as the page. */
export class TimelineStore {
  readonly cameraId: string;
  readonly months: MonthShelf;
  readonly sheets: SheetShelf;
  readonly read = signal<Fetched<null>>({ state: 'loading' });
  readonly index = signal<PictureIndex>(noPictures);
  /** Place of the picture shown; -1 when there is none. */
  readonly at = signal(-1);
  /** The same once it has come to rest. */
  readonly settled = signal(-1);
  readonly mode = signal<Mode>('one');
  /** Place of the older picture of a comparison. */
  readonly thenAt = signal(-1);
  /** Minute of the day that steps keep to; null when every picture counts. */
  readonly keptMinute = signal<number | null>(null);
  readonly playing = signal(false);
  /** The month that the calendar shows. */
  readonly month = signal(dateText(siteNow()).slice(0, 7));
  /** The pictures of the settled one's day. */
  readonly day = signal<Fetched<readonly Snapshot[]>>({ state: 'loading' });

  readonly date = computed(() => this.#dateAt(this.at.value));
  readonly restDate = computed(() => this.#dateAt(this.settled.value));
  /** The settled picture with all that is known of it. */
  readonly picture = computed(() => this.#known(this.settled.value));
  readonly thenPicture = signal<Snapshot | null>(null);

  #settling: ReturnType<typeof setTimeout> | undefined;
  #player: ReturnType<typeof setInterval> | undefined;
  #dayRead = '';
  #stopped = false;

  constructor(cameraId: string, decode: Decode) {
    this.cameraId = cameraId;
    this.months = new MonthShelf(cameraId);
    this.sheets = new SheetShelf(cameraId, decode);
  }

  /** Reads the index and shows where the address points, else the newest picture. Ends with what it gives back. */
  start(beginning: Beginning): () => void {
    forgetDays();
    void this.#readAll(beginning);
    return () => this.#stop();
  }

  readonly retry = (): void => {
    this.read.value = { state: 'loading' };
    void this.#readAll({ atMs: null, thenMs: null, mode: this.mode.value });
  };

  /** Selects a picture; everything slow about it waits until the selection rests. */
  select(place: number): void {
    const to = Math.max(0, Math.min(this.index.value.length - 1, place));
    if (to === this.at.value || this.index.value.length === 0) return;
    this.at.value = to;
    this.#settleSoon();
  }

  /** Selects the picture nearest to an instant. */
  selectNear(atMs: number): void {
    this.select(this.index.value.nearest(atMs));
  }

  /** The picture before (-1) or after (1); with a kept hour the one of the day before or after. */
  step(by: 1 | -1): void {
    if (this.keptMinute.value !== null) return this.turnDay(by);
    this.select(this.at.value + by);
  }

  /** The same time on the nearest day before (-1) or after (1) that has a picture. */
  turnDay(by: 1 | -1): void {
    const index = this.index.value;
    const atMs = index.timeAt(this.at.value);
    if (Number.isNaN(atMs)) return;
    const minute = this.keptMinute.value ?? minuteOfDay(atMs);
    const { fromMs, toMs } = daySpan(dateText(atMs));
    const beyond = by > 0 ? index.firstFrom(toMs) : index.firstFrom(fromMs) - 1;
    if (beyond < 0 || beyond >= index.length) return;
    const span = daySpan(dateText(index.timeAt(beyond)));
    const target = instantAt(dateText(index.timeAt(beyond)), minute);
    this.select(index.nearest(target, span.fromMs, span.toMs));
  }

  /** Shows a date at the time of day selected now; false when the date has no picture. */
  showDate(date: string): boolean {
    const index = this.index.value;
    const minute = this.keptMinute.value ?? minuteOfDay(index.timeAt(Math.max(0, this.at.value)));
    const { fromMs, toMs } = daySpan(date);
    const place = index.nearest(instantAt(date, minute), fromMs, toMs);
    if (place >= 0) this.select(place);
    return place >= 0;
  }

  keepHour(kept: boolean): void {
    const atMs = this.index.value.timeAt(this.at.value);
    this.keptMinute.value = kept && !Number.isNaN(atMs) ? minuteOfDay(atMs) : null;
  }

  play(on: boolean): void {
    clearInterval(this.#player);
    this.playing.value = on;
    if (!on) return;
    this.#player = setInterval(() => {
      const before = this.at.value;
      this.step(1);
      if (this.at.value === before) this.play(false);
    }, PLAY_MS);
  }

  show(mode: Mode): void {
    this.play(false);
    this.mode.value = mode;
    if (mode !== 'compare' || this.thenAt.value >= 0 || this.at.value < 0) return;
    const index = this.index.value;
    this.compareWith(firstComparison(index, this.at.value, monthsBefore(this.date.value, 1)));
  }

  /** Compares with the picture of a date in similar light; false when there is none around it. */
  compareDate(date: string): boolean {
    const place = similarLight(this.index.value, this.at.value, date);
    if (place >= 0) this.compareWith(place);
    return place >= 0;
  }

  compareWith(place: number): void {
    this.thenAt.value = place;
    this.thenPicture.value = null;
    void this.#readThen(place);
  }

  /** Takes a picture that an event or a change told of into all that is shown. */
  take(snapshot: Snapshot): void {
    if (snapshot.cameraId !== this.cameraId || this.read.value.state !== 'ready') return;
    const before = this.index.value;
    const wasNewest = this.at.value === before.length - 1 && this.mode.value === 'one';
    const selected = before.ids[this.at.value];
    const thenId = before.ids[this.thenAt.value];
    const after = before.with(snapshot);
    if (after.length > before.length) this.#grow(after, { selected, thenId, follow: wasNewest });
    else this.index.value = after;
    this.#takeIntoDay(snapshot);
    if (this.thenPicture.value?.id === snapshot.id) this.thenPicture.value = snapshot;
  }

  /** A slot ended without picture: the month it lies in is read anew. */
  takeGap(gap: SnapshotGap): void {
    if (gap.cameraId === this.cameraId)
      void this.months.want(dateText(Date.parse(gap.scheduledFor)).slice(0, 7), true);
  }

  /** The sheet on which a picture stands with its day. */
  sheetOf(place: number): SheetName {
    const date = this.#dateAt(place);
    const first = date === '' ? 0 : this.index.value.firstFrom(daySpan(date).fromMs);
    return { date, page: Math.floor((place - first) / TILES_A_PAGE) + 1 };
  }

  showMonth(month: string): void {
    this.month.value = month;
    void this.months.want(month);
  }

  #grow(after: PictureIndex, was: { selected?: string; thenId?: string; follow: boolean }): void {
    this.index.value = after;
    if (was.thenId !== undefined) this.thenAt.value = after.placeOf(was.thenId);
    const kept = was.selected === undefined ? -1 : after.placeOf(was.selected);
    this.at.value = was.follow ? after.length - 1 : kept;
    this.#settleSoon();
    void this.months.want(this.month.value, true);
  }

  #takeIntoDay(snapshot: Snapshot): void {
    const { value: day } = this.day;
    if (day.state !== 'ready' || dateText(Date.parse(snapshot.takenAt)) !== this.#dayRead) return;
    const others = day.value.filter(({ id }) => id !== snapshot.id);
    const all = [...others, snapshot].sort((a, b) => (a.takenAt < b.takenAt ? -1 : 1));
    this.day.value = { state: 'ready', value: all };
  }

  #stop(): void {
    this.#stopped = true;
    clearTimeout(this.#settling);
    clearInterval(this.#player);
    this.sheets.close();
  }

  async #readAll(beginning: Beginning): Promise<void> {
    void this.months.want(this.month.value);
    const read = await fetched(readWholeIndex(this.cameraId));
    if (this.#stopped) return;
    if (read.state !== 'ready') {
      this.read.value = read.state === 'failed' ? read : { state: 'loading' };
      return;
    }
    const index = read.value;
    this.index.value = index;
    this.at.value = beginning.atMs === null ? index.length - 1 : index.nearest(beginning.atMs);
    if (beginning.thenMs !== null) this.compareWith(index.nearest(beginning.thenMs));
    this.read.value = { state: 'ready', value: null };
    this.#settle();
    this.show(beginning.mode);
  }

  #settleSoon(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settle(), SETTLE_MS);
  }

  #settle(): void {
    const place = this.at.value;
    this.settled.value = place;
    const date = this.#dateAt(place);
    if (date === '') return;
    if (date.slice(0, 7) !== this.month.value) this.showMonth(date.slice(0, 7));
    if (date !== this.#dayRead) void this.#readDay(date);
    this.sheets.want(this.sheetOf(place), true);
  }

  async #readDay(date: string): Promise<void> {
    this.#dayRead = date;
    this.day.value = { state: 'loading' };
    const read = await fetched(gateway.snapshots(this.cameraId, daySpan(date)));
    if (date === this.#dayRead) this.day.value = read;
  }

  async #readThen(place: number): Promise<void> {
    const atMs = this.index.value.timeAt(place);
    const id = this.index.value.ids[place];
    const read = await fetched(gateway.snapshots(this.cameraId, { fromMs: atMs, toMs: atMs + 1 }));
    if (place === this.thenAt.value && read.state === 'ready')
      this.thenPicture.value = read.value.find((snapshot) => snapshot.id === id) ?? null;
  }

  #dateAt(place: number): string {
    const atMs = this.index.value.timeAt(place);
    return Number.isNaN(atMs) ? '' : dateText(atMs);
  }

  #known(place: number): Snapshot | null {
    const { value: day } = this.day;
    const id = this.index.value.ids[place];
    return day.state === 'ready' ? (day.value.find((snapshot) => snapshot.id === id) ?? null) : null;
  }
}

async function readWholeIndex(cameraId: string): Promise<PictureIndex> {
  const entries: Parameters<typeof indexOf>[0][number][] = [];
  let from: string | null = null;
  do {
    const read: Awaited<ReturnType<typeof readIndex>> = await readIndex(
      await gateway.snapshotIndex(cameraId, from),
      breathe,
    );
    for (const entry of read.entries) entries.push(entry);
    from = read.nextFrom;
  } while (from !== null);
  return indexOf(entries);
}

/** Lets the page draw and take input. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}
