import { keepSiteTime } from '../../../../viewer/format/site-time.ts';
import { indexOf } from '../../../../viewer/timeline/picture-index.ts';
import type { PictureIndex } from '../../../../viewer/timeline/picture-index.ts';

/** The site lies in Shanghai, and it is afternoon there. */
export function inShanghai(now = '2026-11-20T06:30:00.000Z'): void {
  keepSiteTime({ timeZone: 'Asia/Shanghai', now });
}

/** An instant on the clock of Shanghai. */
export function local(date: string, time = '00:00'): number {
  return Date.parse(`${date}T${time}:00+08:00`);
}

/** Pictures at these instants; luminance and verdict where they matter. */
export function indexAt(times: readonly number[], luma: (atMs: number) => number = () => 120): PictureIndex {
  return indexOf(
    [...times].sort((a, b) => a - b).map((atMs, place) => [`snap_${place}`, atMs, 0, luma(atMs), 1]),
  );
}

/** Half-hourly pictures from 06:00 to 19:30 of each of these dates. */
export function workingDays(dates: readonly string[]): number[] {
  return dates.flatMap((date) =>
    Array.from({ length: 28 }, (_, slot) => local(date, '06:00') + slot * 30 * 60_000 + 2000),
  );
}
