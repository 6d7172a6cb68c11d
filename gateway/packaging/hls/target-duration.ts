/** A GOP longer than this is cut without a key frame: memory and delay stay bounded. */
const LONGEST_TARGET_SEC = 12;
/** A GOP that falls short of the aim by this share of itself is long enough. */
const GOP_SLACK = 0.1;

/** EXT-X-TARGETDURATION, s, for segments of at least `segmentSec` that begin at key frames `gopSec` apart; null: not known (RFC 8216bis, 4.4.3.1). */
export function targetDuration(segmentSec: number, gopSec: number | null): number {
  const aimSec = Math.ceil(segmentSec);
  if (gopSec === null || gopSec <= 0) return aimSec;
  const gops = Math.max(1, Math.ceil(segmentSec / gopSec - GOP_SLACK));
  return Math.max(aimSec, Math.min(LONGEST_TARGET_SEC, Math.round(gops * gopSec)));
}
