import type { Snapshot } from '../../gateway/contract/snapshot.ts';

/** One slot on the day's ruler: a picture, or a slot of the schedule that has none. */
export interface Mark {
  atMs: number;
  snapshot: Snapshot | null;
}

/** One hour of the film strip: its first picture, or that pictures are missing in it. */
export interface FilmHour {
  hour: number;
  snapshot: Snapshot | null;
  missing: boolean;
}

/** A day of snapshots drawn to scale. */
export interface DayRecord {
  marks: Mark[];
  film: FilmHour[];
}

const HOUR_MS = 3600_000;
const MOST_GAPS = 1440;

/** The interval of the schedule as the pictures themselves show it, ms; null with fewer than two scheduled ones. */
function intervalMs(slots: readonly number[]): number | null {
  let least = Infinity;
  for (let index = 1; index < slots.length; index += 1) {
    const step = (slots[index] ?? 0) - (slots[index - 1] ?? 0);
    if (step > 0) least = Math.min(least, step);
  }
  return Number.isFinite(least) ? least : null;
}

/** Slots between the scheduled pictures that have none; the schedule may begin late or end early, so no others count. */
function gaps(slots: readonly number[]): Mark[] {
  const interval = intervalMs(slots);
  if (interval === null) return [];
  const found: Mark[] = [];
  slots.forEach((slot, index) => {
    const end = slots[index + 1] ?? slot;
    for (let at = slot + interval; at < end - interval / 2 && found.length < MOST_GAPS; at += interval) {
      found.push({ atMs: at, snapshot: null });
    }
  });
  return found;
}

/** Pictures and gaps of one day; gaps are counted, never closed up. `missed` 0 (from the calendar) means: none. */
export function dayRecord(
  snapshots: readonly Snapshot[],
  dayStartMs: number,
  missed: number | null,
): DayRecord {
  const taken = snapshots.map((snapshot) => ({ atMs: Date.parse(snapshot.takenAt), snapshot }));
  const slots = snapshots
    .flatMap(({ scheduledFor }) => (scheduledFor === null ? [] : [Date.parse(scheduledFor)]))
    .sort((a, b) => a - b);
  const holes = missed === 0 ? [] : gaps(slots);
  const marks: Mark[] = [...taken, ...holes].sort((a, b) => a.atMs - b.atMs);
  const film = new Map<number, FilmHour>();
  for (const { atMs, snapshot } of marks) {
    const hour = Math.floor((atMs - dayStartMs) / HOUR_MS);
    const known = film.get(hour);
    if (known === undefined) film.set(hour, { hour, snapshot, missing: snapshot === null });
    else if (known.snapshot === null && snapshot !== null)
      film.set(hour, { ...known, snapshot, missing: false });
  }
  return { marks, film: [...film.values()].sort((a, b) => a.hour - b.hour) };
}
