import { siteNow } from '../format/site-time.ts';

/** The part of a video element that tells times; Safari’s has the program date time of the beginning, NaN inside without one. */
export interface DatedVideo {
  readonly currentTime: number;
  getStartDate?: () => Date;
}

/** How far behind now a playlist plays, seconds, by the moments of capture that it tells; null where it cannot be known. */
export function startDateDelay(video: DatedVideo): number | null {
  const startMs = video.getStartDate?.().getTime() ?? Number.NaN;
  if (!Number.isFinite(startMs) || video.currentTime === 0) return null;
  return Math.max(0, (siteNow() - startMs) / 1000 - video.currentTime);
}
