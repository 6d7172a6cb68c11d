import { localTime } from '../../base/local-time.ts';
import type { PictureQuality } from '../../contract/snapshot.ts';

/** A picture of the record as a time-lapse looks at it. */
export interface TimelapsePicture {
  takenAtMs: number;
  /** Mean luminance, 0 to 255, as measured when it was taken. */
  luma: number;
  verdict: PictureQuality['verdict'];
  blobKey: string;
}

/** Which of them to show: all, one each `everyMin` minutes of local time, or one a day near a local `hour`. */
export interface TimelapseChoice {
  everyMin: number | null;
  hour: number | null;
  timeZone: string;
}

/** Pictures to show in order of time, or that there are more than `most`. */
export type Chosen =
  | { kind: 'chosen'; pictures: TimelapsePicture[]; skipped: number; seen: number }
  | { kind: 'too-many' };

const DAY_MIN = 1440;
/** A picture farther from the wanted hour shows another light: the day is left out. */
const HOUR_TOLERANCE_MIN = 120;
/** What shows the site; a view that has moved still does. */
const USABLE: ReadonlySet<PictureQuality['verdict']> = new Set(['ok', 'moved']);

/**
 * Picks the usable picture nearest to each wanted time. `skipped` counts wanted times that had pictures, none of them
 * usable. Holds no more than the pictures chosen.
 */
export async function choosePictures(
  pictures: AsyncIterable<TimelapsePicture>,
  choice: TimelapseChoice,
  most: number,
): Promise<Chosen> {
  const chosen: TimelapsePicture[] = [];
  const grid = gridOf(choice);
  let skipped = 0;
  let seen = 0;
  let slot: number | undefined;
  let best: { picture: TimelapsePicture; distanceMin: number } | undefined;
  const close = (): void => {
    if (best) chosen.push(best.picture);
    else if (slot !== undefined) skipped += 1;
    best = undefined;
  };
  for await (const picture of pictures) {
    seen += 1;
    const place = grid(picture.takenAtMs, seen);
    if (!place) continue;
    if (place.slot !== slot) close();
    slot = place.slot;
    if (chosen.length > most) return { kind: 'too-many' };
    if (!USABLE.has(picture.verdict)) continue;
    if (!best || place.distanceMin < best.distanceMin) best = { picture, distanceMin: place.distanceMin };
  }
  close();
  return chosen.length > most ? { kind: 'too-many' } : { kind: 'chosen', pictures: chosen, skipped, seen };
}

type Place = { slot: number; distanceMin: number } | undefined;

function gridOf({ everyMin, hour, timeZone }: TimelapseChoice): (takenAtMs: number, nth: number) => Place {
  if (everyMin === null && hour === null) return (_takenAtMs, nth) => ({ slot: nth, distanceMin: 0 });
  const stepMin = everyMin ?? DAY_MIN;
  const offsetMin = hour === null ? 0 : hour * 60;
  const toleranceMin = hour === null ? Infinity : HOUR_TOLERANCE_MIN;
  return (takenAtMs) => {
    const { year, month, day, hour: localHour, minute, second } = localTime(takenAtMs, timeZone);
    const wallMin = Date.UTC(year, month - 1, day, localHour, minute, second) / 60_000 - offsetMin;
    const slot = Math.round(wallMin / stepMin);
    const distanceMin = Math.abs(wallMin - slot * stepMin);
    return distanceMin <= toleranceMin ? { slot, distanceMin } : undefined;
  };
}
