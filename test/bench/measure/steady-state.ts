import { setTimeout as sleep } from 'node:timers/promises';
import { processUsage } from './process-usage.ts';

/** Figures of one contender over one span. */
export interface SteadyState {
  cameras: number;
  seconds: number;
  /** % of one core for each camera. */
  cpuPercentPerCamera: number;
  /** Memory at the end, MB, all cameras. */
  rssMb: number;
  /** % of one core that the load generator took meanwhile. */
  generatorCpuPercent: number;
}

/** What to watch, and for how long. */
export interface SteadyStateOptions {
  pids: readonly number[];
  generatorPid: number;
  cameras: number;
  seconds: number;
}

/** Watches processes that have come to rest. */
export async function steadyState(options: SteadyStateOptions): Promise<SteadyState> {
  const { pids, generatorPid, cameras, seconds } = options;
  const startedMs = performance.now();
  const [before, generatorBefore] = [await processUsage(pids), await processUsage([generatorPid])];
  await sleep(seconds * 1000);
  const [after, generatorAfter] = [await processUsage(pids), await processUsage([generatorPid])];
  const spanSec = (performance.now() - startedMs) / 1000;
  return {
    cameras,
    seconds: spanSec,
    cpuPercentPerCamera: ((after.cpuSec - before.cpuSec) / spanSec / cameras) * 100,
    rssMb: after.rssMb,
    generatorCpuPercent: ((generatorAfter.cpuSec - generatorBefore.cpuSec) / spanSec) * 100,
  };
}
