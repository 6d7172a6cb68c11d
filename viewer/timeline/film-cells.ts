import { dateText } from '../format/clock-text.ts';
import { dateAfter } from '../format/site-time.ts';
import { daysBetween, daySpan, instantAt, minuteOfDay } from './site-days.ts';
import type { PictureIndex } from './picture-index.ts';

/**
 * An hour on a film strip, never closed up: its first picture; a gap, where slots of the schedule ended without one; `none`
 * where nothing was due; `later` where time has not come.
 */
export interface FilmCell {
  kind: 'picture' | 'gap' | 'none' | 'later';
  /** The beginning of the hour. */
  atMs: number;
  /** Place in the index; -1 unless a picture. */
  place: number;
  /** Slots missing in it, also where it has a picture. */
  missing: number;
  selected: boolean;
}

const HOUR_MS = 3_600_000;

/** How many of the sorted instants lie in `fromMs` ≤ t < `toMs`. */
export function countWithin(sortedMs: readonly number[], fromMs: number, toMs: number): number {
  let count = 0;
  for (const at of sortedMs) {
    if (at >= toMs) break;
    if (at >= fromMs) count += 1;
  }
  return count;
}

interface Strip {
  index: PictureIndex;
  /** The picture shown large. */
  at: number;
  count: number;
  nowMs: number;
}

/** The hours of the selected picture's day; `gapsMs` are that day's slots without picture, in order. */
export function hourCells({ index, at, count, nowMs }: Strip, gapsMs: readonly number[]): FilmCell[] {
  const atMs = index.timeAt(at);
  if (Number.isNaN(atMs)) return [];
  const date = dateText(atMs);
  const selected = Math.floor(minuteOfDay(atMs) / 60);
  const first = firstHour(index, date, gapsMs, selected, count);
  return Array.from({ length: count }, (_, offset) => {
    const target = instantAt(date, (first + offset) * 60);
    return cellAt(index, { target, nowMs, gapsMs }, first + offset === selected);
  });
}

/** The first hour shown: the day's first with picture or gap, moved so far on that the selected one is there. */
function firstHour(
  index: PictureIndex,
  date: string,
  gapsMs: readonly number[],
  selected: number,
  count: number,
): number {
  const { fromMs, toMs } = daySpan(date);
  const first = index.firstFrom(fromMs);
  const last = index.firstFrom(toMs) - 1;
  const begins = Math.min(index.timeAt(first), gapsMs[0] ?? Infinity);
  const ends = Math.max(index.timeAt(last), gapsMs.at(-1) ?? -Infinity);
  const firstDue = Math.floor(minuteOfDay(begins) / 60);
  const lastDue = Math.floor(minuteOfDay(ends) / 60);
  const centred = selected - Math.floor(count / 2);
  const most = Math.max(firstDue, lastDue - count + 1);
  return Math.max(0, Math.min(24 - count, Math.max(firstDue, Math.min(centred, most))));
}

/** The same hour on days around the selected picture's; `gapsOf` gives a day's slots without picture, in order. */
export function dayCells(
  { index, at, count, nowMs }: Strip,
  gapsOf: (date: string) => readonly number[],
): FilmCell[] {
  const atMs = index.timeAt(at);
  if (Number.isNaN(atMs)) return [];
  const date = dateText(atMs);
  const minute = Math.floor(minuteOfDay(atMs) / 60) * 60;
  const ahead = Math.min(Math.floor(count / 2) - 1, Math.max(0, daysBetween(date, dateText(nowMs))));
  return Array.from({ length: count }, (_, offset) => {
    const day = dateAfter(date, offset - count + 1 + ahead);
    const target = instantAt(day, minute);
    return cellAt(index, { target, nowMs, gapsMs: gapsOf(day) }, day === date);
  });
}

interface Aim {
  /** The beginning of the hour. */
  target: number;
  nowMs: number;
  gapsMs: readonly number[];
}

function cellAt(index: PictureIndex, aim: Aim, selected: boolean): FilmCell {
  const { target, nowMs } = aim;
  const place = index.nearest(target, target, target + HOUR_MS);
  const missing = countWithin(aim.gapsMs, target, target + HOUR_MS);
  const kind = place >= 0 ? 'picture' : missing > 0 ? 'gap' : target > nowMs ? 'later' : 'none';
  return { kind, atMs: target, place, missing, selected };
}
