import type { SnapshotGap } from '../../gateway/contract/snapshot.ts';
import { dateText } from '../format/clock-text.ts';

/** Gaps of one day with one reason, as one line of the list. */
export interface GapRun {
  /** `YYYY-MM-DD` at the site. */
  date: string;
  reason: string;
  message: string;
  fromMs: number;
  toMs: number;
  count: number;
}

/** The gaps of a month in lines, the newest first; what follows with the same reason on the same day is one line. */
export function gapRuns(gaps: readonly SnapshotGap[]): GapRun[] {
  const runs: GapRun[] = [];
  for (const { scheduledFor, reason, message } of gaps) {
    const atMs = Date.parse(scheduledFor);
    const date = dateText(atMs);
    const last = runs.at(-1);
    if (last?.date === date && last.reason === reason) {
      last.toMs = atMs;
      last.count += 1;
    } else runs.push({ date, reason, message, fromMs: atMs, toMs: atMs, count: 1 });
  }
  return runs.reverse();
}
