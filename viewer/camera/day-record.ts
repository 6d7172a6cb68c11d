import type { Snapshot, SnapshotGap } from '../../gateway/contract/snapshot.ts';

/** One mark on the day's ruler: a picture, or a slot of the schedule that has none and why. */
export type Mark =
  | { atMs: number; snapshot: Snapshot; gap: null }
  | { atMs: number; snapshot: null; gap: SnapshotGap };

/** One hour of the film strip: its first picture, or the first of the slots that have none. */
export interface FilmHour {
  startMs: number;
  snapshot: Snapshot | null;
  gaps: readonly SnapshotGap[];
}

/** A day of snapshots drawn to scale. */
export interface DayRecord {
  marks: Mark[];
  film: FilmHour[];
}

const HOUR_MS = 3600_000;

/** Pictures and gaps of the day that begins at `dayStartMs`, by the gateway's record; hours are counted from there, so that a day of 25 has 25. */
export function dayRecord(
  snapshots: readonly Snapshot[],
  gaps: readonly SnapshotGap[],
  dayStartMs: number,
): DayRecord {
  const marks = [
    ...snapshots.map((snapshot): Mark => ({ atMs: Date.parse(snapshot.takenAt), snapshot, gap: null })),
    ...gaps.map((gap): Mark => ({ atMs: Date.parse(gap.scheduledFor), snapshot: null, gap })),
  ].sort((a, b) => a.atMs - b.atMs);
  const film = new Map<number, FilmHour>();
  for (const { atMs, snapshot, gap } of marks) {
    const startMs = hourOf(atMs, dayStartMs);
    const known = film.get(startMs) ?? { startMs, snapshot: null, gaps: [] };
    film.set(startMs, {
      startMs,
      snapshot: known.snapshot ?? snapshot,
      gaps: gap === null ? known.gaps : [...known.gaps, gap],
    });
  }
  return { marks, film: [...film.values()].sort((a, b) => a.startMs - b.startMs) };
}

/** Where the hour of an instant begins, counted from the day's start. */
export function hourOf(atMs: number, dayStartMs: number): number {
  return dayStartMs + Math.floor((atMs - dayStartMs) / HOUR_MS) * HOUR_MS;
}
