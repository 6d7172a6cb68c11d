/** A stretch of buffered media, seconds. */
export type BufferedRange = readonly [startSec: number, endSec: number];

/** Where the video stands. */
export interface EdgeQuestion {
  currentSec: number;
  ranges: readonly BufferedRange[];
  /** How far behind the newest frame to play. */
  targetSec: number;
}

/** What to do to stay near live: jump, or play a little faster or slower. */
export interface EdgeAnswer {
  seekToSec: number | null;
  rate: number;
  /** Behind the newest frame after what is done here; null without media. */
  delaySec: number | null;
}

const SKIP_SEC = 1.5;
const SLACK_SEC = 0.15;

/** Keeps the picture `targetSec` behind the newest frame: skips when more than 1.5 s late, nudges the rate below that. */
export function steerToLive({ currentSec, ranges, targetSec }: EdgeQuestion): EdgeAnswer {
  const last = ranges.at(-1);
  if (last === undefined) return { seekToSec: null, rate: 1, delaySec: null };
  const [startSec, endSec] = last;
  const delaySec = endSec - currentSec;
  const outside = currentSec < startSec - 0.01 || currentSec > endSec + SLACK_SEC;
  if (outside || delaySec > Math.max(SKIP_SEC, targetSec + 1)) {
    const seekToSec = Math.max(startSec, endSec - targetSec);
    return { seekToSec, rate: 1, delaySec: endSec - seekToSec };
  }
  return { seekToSec: null, rate: rateFor(delaySec - targetSec, targetSec), delaySec };
}

function rateFor(lateSec: number, targetSec: number): number {
  if (lateSec > 0.6) return 1.1;
  if (lateSec > SLACK_SEC) return 1.04;
  return lateSec < -targetSec * 0.7 ? 0.96 : 1;
}

const LEAST_TARGET_SEC = 0.3;
const MOST_TARGET_SEC = 1.5;

/** The distance to keep after the video ran dry (`dry`) or ran well for a while. */
export function nextTarget(targetSec: number, dry: boolean): number {
  const next = dry ? targetSec + 0.25 : targetSec - 0.1;
  return Math.min(MOST_TARGET_SEC, Math.max(LEAST_TARGET_SEC, Math.round(next * 100) / 100));
}
