import type { Reading } from './conditions.ts';

/** A clock that comes back within this share of the limit is right again; in between nothing changes. */
const WELL_SHARE = 0.6;

/** What a camera's clock says, `driftSec` ahead of ours (negative: behind), where `limitSec` is allowed. */
export function clockReading(driftSec: number, limitSec: number): Reading {
  const offSec = Math.abs(driftSec);
  const level = offSec > limitSec ? 'bad' : offSec <= limitSec * WELL_SHARE ? 'well' : 'unclear';
  const way = driftSec > 0 ? 'ahead' : 'behind';
  const message = `The camera's clock is ${spanOf(offSec)} ${way}, so that the time in its pictures is wrong: set it, and give it a time server.`;
  return { code: 'clock-drift', level, message };
}

const LONGEST_MS = 366 * 86_400_000;
const ZONE_TOLERANCE_MS = 30_000;

/**
 * Seconds by which a camera is ahead as its RTCP sender reports tell it; null where those bear no time of day: many
 * count from the camera's start. Some cameras send their local time instead of UTC: the site's offset is then left out.
 */
export function reportedDriftSec(aheadMs: number, siteOffsetMin: number): number | null {
  if (Math.abs(aheadMs) > LONGEST_MS) return null;
  const localMs = aheadMs - siteOffsetMin * 60_000;
  const isLocal = siteOffsetMin !== 0 && Math.abs(localMs) < ZONE_TOLERANCE_MS;
  return Math.round((isLocal ? localMs : aheadMs) / 1000) + 0;
}

function spanOf(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
