import { dateText } from '../format/clock-text.ts';
import { OK } from './picture-index.ts';
import { minuteOfDay } from './site-days.ts';
import type { PictureIndex } from './picture-index.ts';

/** Which pictures go into a time-lapse: one a day nearest to an hour, one each so many minutes, or all. */
export type LapsePace =
  | { kind: 'day'; hour: number }
  | { kind: 'minutes'; everyMin: number }
  | { kind: 'all' };

/** What a time-lapse will come to, before it is asked for. */
export interface LapseEstimate {
  pictures: number;
  seconds: number;
  bytes: number;
}

/** A picture at 1080p in H.264, as time-lapses of the demo site came out. */
const BYTES_A_PICTURE = 65_000;
/** As the gateway takes for the picture of an hour. */
const MOST_OFF_MIN = 120;

/** Counts as the gateway thins: usable pictures only, one for each period that has any. */
export function lapseEstimate(
  index: PictureIndex,
  range: { fromMs: number; toMs: number },
  pace: LapsePace,
  fps: number,
): LapseEstimate {
  const end = index.firstFrom(range.toMs);
  const periods = new Set<string | number>();
  for (let place = index.firstFrom(range.fromMs); place < end; place += 1) {
    if (index.verdict[place] !== OK) continue;
    const period = periodOf(index.timeAt(place), place, pace);
    if (period !== null) periods.add(period);
  }
  const pictures = periods.size;
  return { pictures, seconds: pictures / fps, bytes: pictures * BYTES_A_PICTURE };
}

function periodOf(atMs: number, place: number, pace: LapsePace): string | number | null {
  if (pace.kind === 'all') return place;
  const minute = minuteOfDay(atMs);
  if (pace.kind === 'minutes') return `${dateText(atMs)} ${Math.floor(minute / pace.everyMin)}`;
  return Math.abs(minute - pace.hour * 60) <= MOST_OFF_MIN ? dateText(atMs) : null;
}
