import { setTimeout as sleep } from 'node:timers/promises';
import { processTree } from '../measure/process-usage.ts';

/** Gateway and embedded broker. */
const OWN_PROCESSES = 2;
const LOOK_EVERY_MS = 250;
const QUIET_LOOKS = 8;
const MOST_LOOKS = 480;

/** Resolves when FFmpeg has decoded the first picture of every new camera: work of the start, not of the steady state. */
export async function firstPostersDone(gatewayPid: number): Promise<void> {
  let quiet = 0;
  for (let looks = 0; looks < MOST_LOOKS && quiet < QUIET_LOOKS; looks += 1) {
    await sleep(LOOK_EVERY_MS);
    const tree = await processTree(gatewayPid);
    quiet = tree.length <= OWN_PROCESSES ? quiet + 1 : 0;
  }
}
