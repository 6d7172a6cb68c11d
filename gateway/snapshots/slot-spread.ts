import { createHash } from 'node:crypto';

const LEAST_MOST_MS = 60_000;
const SHARE_OF_INTERVAL = 0.25;
/** Room for each camera: about what one picture costs on a small machine. */
const MS_FOR_A_CAMERA = 150;

/**
 * How long after its slot a camera takes its picture: always the same for one camera, spread evenly over the cameras, at
 * most a minute (longer for more than 400 cameras) and at most a quarter of the interval. Keeps 1,000 cameras from firing
 * at one second.
 */
export function slotSpreadMs(cameraId: string, intervalMs: number, cameras = 1): number {
  const share = createHash('sha256').update(cameraId).digest().readUInt32BE(0) / 2 ** 32;
  const mostMs = Math.max(LEAST_MOST_MS, cameras * MS_FOR_A_CAMERA);
  return Math.floor(share * Math.min(mostMs, intervalMs * SHARE_OF_INTERVAL));
}
