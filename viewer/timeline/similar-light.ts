import { dateText } from '../format/clock-text.ts';
import { dateAfter } from '../format/site-time.ts';
import { OK } from './picture-index.ts';
import { daySpan, minuteOfDay } from './site-days.ts';
import type { PictureIndex } from './picture-index.ts';

/** An hour of the day off weighs as much as this many steps of mean luminance (0…255). */
const LUMA_AN_HOUR = 12;
/** A dark, blurred or covered picture is taken only when nothing else is there. */
const BAD_VERDICT = 1000;
/** A day off the one wished for weighs as much as this. */
const A_DAY_OFF = 10;
const DAYS_AROUND = 3;

/**
 * The picture of a date that shows the site in a light most like the reference's: time of day and brightness together,
 * unusable pictures last. Looks at three days on either side where the date itself has none so good; -1 when there is none.
 */
export function similarLight(index: PictureIndex, reference: number, date: string): number {
  let best = -1;
  let bestCost = Infinity;
  const minute = minuteOfDay(index.timeAt(reference));
  const luma = index.luma[reference] ?? 0;
  for (let off = -DAYS_AROUND; off <= DAYS_AROUND; off += 1) {
    const { fromMs, toMs } = daySpan(dateAfter(date, off));
    const end = index.firstFrom(toMs);
    for (let place = index.firstFrom(fromMs); place < end; place += 1) {
      if (place === reference) continue;
      const apart = Math.abs(minuteOfDay(index.timeAt(place)) - minute);
      const cost =
        (Math.min(apart, 1440 - apart) / 60) * LUMA_AN_HOUR +
        Math.abs((index.luma[place] ?? 0) - luma) +
        Math.abs(off) * A_DAY_OFF +
        (index.verdict[place] === OK ? 0 : BAD_VERDICT);
      if (cost < bestCost) [best, bestCost] = [place, cost];
    }
  }
  return best;
}

/** The picture to compare with at first: a month ago in similar light, else the oldest there is in such light. */
export function firstComparison(index: PictureIndex, reference: number, monthAgo: string): number {
  const found = similarLight(index, reference, monthAgo);
  if (found >= 0) return found;
  const oldest = similarLight(index, reference, dateText(index.timeAt(0)));
  return oldest >= 0 ? oldest : Math.max(0, reference - 1);
}
