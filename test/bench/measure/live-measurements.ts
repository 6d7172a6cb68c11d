import { setTimeout as sleep } from 'node:timers/promises';
import { firstPostersDone } from '../contenders/first-posters-done.ts';
import { startGantry } from '../contenders/gantry.ts';
import type { RunningGantry } from '../contenders/gantry.ts';
import { IdleViewers } from '../load/idle-viewers.ts';
import type { ReplayProcess } from '../load/replay-process.ts';
import { phaseOf } from '../load/replay-schedule.ts';
import { firstHlsPictureMs, firstWsPictureMs, nextKeyFrameInMs } from './first-picture.ts';
import { glassToGlass } from './glass-to-glass.ts';
import type { GlassDelay } from './glass-to-glass.ts';
import { segmentPunctuality } from './late-segments.ts';
import type { SegmentPunctuality } from './late-segments.ts';
import { percentile } from './percentile.ts';
import { steadyState } from './steady-state.ts';

const WINDOW_FILL_MS = 6000;
const GLASS_CAMERAS = 4;

/** First picture, ms: medians and worst cases over ten cameras. Cold times are counted from the camera's next key frame. */
export interface FirstPicture {
  coldHlsAfterKeyFrame: { p50Ms: number; worstMs: number };
  coldWsAfterKeyFrame: { p50Ms: number; worstMs: number };
  warmHls: { p50Ms: number; worstMs: number };
  warmWs: { p50Ms: number; worstMs: number };
}

/** Opens ten cameras that nobody looks at, over HLS and ten others over WebSocket, then each again. */
export function firstPicture(load: ReplayProcess): Promise<FirstPicture> {
  return withGantry(load, 20, async ({ api, cameraIds }) => {
    const cold = { hls: [] as number[], ws: [] as number[] };
    const warm = { hls: [] as number[], ws: [] as number[] };
    for (const [index, id] of cameraIds.entries()) {
      const waitMs = nextKeyFrameInMs(Date.now(), phaseOf(index));
      const [over, open] =
        index < 10 ? (['hls', firstHlsPictureMs] as const) : (['ws', firstWsPictureMs] as const);
      cold[over].push((await open(api, id)) - waitMs);
    }
    for (const id of cameraIds) {
      warm.hls.push(await firstHlsPictureMs(api, id));
      warm.ws.push(await firstWsPictureMs(api, id));
    }
    return {
      coldHlsAfterKeyFrame: summary(cold.hls),
      coldWsAfterKeyFrame: summary(cold.ws),
      warmHls: summary(warm.hls),
      warmWs: summary(warm.ws),
    };
  });
}

/** All segments of many cameras, by their time of appearance. */
export function lateSegments(
  load: ReplayProcess,
  cameras: number,
  seconds: number,
): Promise<SegmentPunctuality> {
  return withGantry(load, cameras, async ({ api, gateway, cameraIds }) => {
    const viewers = new IdleViewers(api, cameraIds, false);
    await viewers.start();
    await firstPostersDone(gateway.pid);
    viewers.stop();
    return segmentPunctuality(api, cameraIds, seconds);
  });
}

/** The gateway while 200 players fetch every segment of 10 cameras. */
export interface ManyViewers {
  gatewayCpuPercent: number;
  rssMb: number;
  failures: number;
}

/** Twenty HLS players on each of ten cameras. */
export function manyViewers(load: ReplayProcess, seconds: number): Promise<ManyViewers> {
  return withGantry(load, 10, async ({ api, cameraIds, pids }) => {
    const viewers = new IdleViewers(
      api,
      Array.from({ length: 200 }, (_, index) => cameraIds[index % 10] ?? ''),
      true,
    );
    await viewers.start();
    await sleep(WINDOW_FILL_MS);
    const state = await steadyState({ pids: await pids(), generatorPid: load.pid, cameras: 1, seconds });
    viewers.stop();
    return { gatewayCpuPercent: state.cpuPercentPerCamera, rssMb: state.rssMb, failures: viewers.failures };
  });
}

/** Delay from camera to Chromium's screen, over four cameras one after another. */
export function glassDelays(
  load: ReplayProcess,
  seconds: number,
): Promise<{ ws: GlassDelay; llHls: GlassDelay }> {
  return withGantry(load, GLASS_CAMERAS, ({ api, cameraIds }) => {
    const cameras = cameraIds.map((id, index) => ({ id, phase: phaseOf(index) }));
    return glassToGlass(api, cameras, seconds / GLASS_CAMERAS);
  });
}

async function withGantry<Result>(
  load: ReplayProcess,
  cameras: number,
  measure: (running: RunningGantry) => Promise<Result>,
): Promise<Result> {
  const running = await startGantry(Array.from({ length: cameras }, (_, index) => load.url(index)));
  try {
    return await measure(running);
  } finally {
    await running.stop();
  }
}

function summary(values: readonly number[]): { p50Ms: number; worstMs: number } {
  return { p50Ms: percentile(values, 0.5), worstMs: Math.max(...values) };
}
