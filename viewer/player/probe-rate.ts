import { livePath } from './live-path.ts';
const TELLING_SEC = 0.4;

/** The rate at which the camera's newest picture comes over the network, kbit/s; null when it failed or came too quickly to tell. */
export async function probeRate(cameraId: string, signal: AbortSignal): Promise<number | null> {
  const began = performance.now();
  try {
    const path = `${livePath(cameraId)}/poster.jpg`;
    const response = await fetch(path, { signal, cache: 'no-store' });
    const { byteLength } = await response.arrayBuffer();
    const tookSec = (performance.now() - began) / 1000;
    return response.ok && tookSec >= TELLING_SEC ? (byteLength * 8) / 1000 / tookSec : null;
  } catch {
    return null;
  }
}
