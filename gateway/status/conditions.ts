import { conditionRules, isPictureFault } from './condition-rules.ts';
import type { ConditionCode, Persistence } from './condition-rules.ts';

/** `unclear` lies between bad and well: it neither makes nor ends a condition, and breaks a row of either. */
export type Level = 'bad' | 'well' | 'unclear';

/** One look at one condition. */
export interface Reading {
  code: ConditionCode;
  level: Level;
  /** Plain sentence for when it is bad. */
  message: string;
}

/** A condition that is suspected (`counts` false) or stands. Times in ms since 1970. */
export interface Condition {
  code: ConditionCode;
  counts: boolean;
  /** When it was first read bad. */
  sinceMs: number;
  message: string;
  lastReadMs: number;
  /** Readings in a row against the present state (bad while suspected, well while it counts), and since when. */
  row: number;
  rowSinceMs: number;
}

/** The conditions of one camera; replaced whole. */
export type Conditions = readonly Condition[];

/** The conditions after a reading; the same array when nothing changed. */
export function withReading(conditions: Conditions, reading: Reading, nowMs: number): Conditions {
  const before = conditions.find(({ code }) => code === reading.code);
  const after = before ? continued(before, reading, nowMs) : begun(reading, nowMs);
  if (!before && !after) return conditions;
  const others = conditions.filter((condition) => condition !== before);
  if (!after) return others;
  // A picture shows one fault at a time: the one that now counts takes the place of the others.
  const replaces = after.counts && before?.counts !== true && isPictureFault(after.code);
  return [...(replaces ? others.filter(({ code }) => !isPictureFault(code)) : others), after];
}

/** The conditions without those that nobody has read for too long; the same array when none went. */
export function withoutStale(conditions: Conditions, nowMs: number): Conditions {
  const kept = conditions.filter(({ code, counts, lastReadMs }) => {
    const { doubtMs, staleMs } = conditionRules[code];
    const limitMs = counts ? staleMs : doubtMs;
    return limitMs === null || nowMs - lastReadMs < limitMs;
  });
  return kept.length === conditions.length ? conditions : kept;
}

/** A condition that stood before a restart and goes on until it is read otherwise. */
export function restored(code: ConditionCode, sinceMs: number, message: string, nowMs: number): Condition {
  return { code, counts: true, sinceMs, message, lastReadMs: nowMs, row: 0, rowSinceMs: nowMs };
}

/** True while a reading more may change what stands. */
export function isUnsettled({ counts, row }: Condition): boolean {
  return !counts || row > 0;
}

function begun({ code, level, message }: Reading, nowMs: number): Condition | null {
  if (level !== 'bad') return null;
  const { times, ms } = conditionRules[code].counts;
  const counts = times <= 1 && ms === 0;
  const row = counts ? 0 : 1;
  return { code, counts, sinceMs: nowMs, message, lastReadMs: nowMs, row, rowSinceMs: nowMs };
}

function continued(before: Condition, { level, message }: Reading, nowMs: number): Condition | null {
  const { counts, ends } = conditionRules[before.code];
  if (!before.counts) {
    if (level !== 'bad') return null;
    const pending = { ...before, message, lastReadMs: nowMs, row: before.row + 1 };
    return isDone(pending, counts, nowMs) ? { ...pending, counts: true, row: 0 } : pending;
  }
  if (level !== 'well') return { ...before, lastReadMs: nowMs, row: 0 };
  const rowSinceMs = before.row === 0 ? nowMs : before.rowSinceMs;
  const ending = { ...before, lastReadMs: nowMs, row: before.row + 1, rowSinceMs };
  return isDone(ending, ends, nowMs) ? null : ending;
}

function isDone({ row, rowSinceMs }: Condition, { times, ms }: Persistence, nowMs: number): boolean {
  return row >= times && nowMs - rowSinceMs >= ms;
}
