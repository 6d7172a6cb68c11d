import { createHash } from 'node:crypto';

const MOST_MS = 60_000;
const SHARE_OF_INTERVAL = 0.25;

/**
 * How long after its slot a camera takes its picture: always the same for one camera, spread evenly over the cameras, at
 * most a minute and at most a quarter of the interval. Keeps 1,000 cameras from firing at one second.
 */
export function slotSpreadMs(cameraId: string, intervalMs: number): number {
  const share = createHash('sha256').update(cameraId).digest().readUInt32BE(0) / 2 ** 32;
  return Math.floor(share * Math.min(MOST_MS, intervalMs * SHARE_OF_INTERVAL));
}
