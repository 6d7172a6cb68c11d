import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender } from '../contenders/contender.ts';
import type { ReplayProcess } from '../load/replay-process.ts';
import { percentile } from './percentile.ts';
import { steadyState } from './steady-state.ts';
import type { SteadyState } from './steady-state.ts';

/** HLS windows are full and start-up is over by then. */
const SETTLE_SEC = 30;
const QUICK_SETTLE_SEC = 6;

/** One contender at one number of cameras: the median of all rounds. */
export interface ScaleResult extends SteadyState {
  contender: string;
}

/** What to compare, and how long. */
export interface ScaleOptions {
  load: ReplayProcess;
  contenders: readonly Contender[];
  cameras: number;
  seconds: number;
  rounds: number;
}

/** Runs the contenders in turn on the same cameras, so that other work on the machine meets all of them alike. */
export async function compareAt(options: ScaleOptions): Promise<ScaleResult[]> {
  const { contenders, cameras, rounds } = options;
  const fit = contenders.filter(({ mostCameras }) => cameras <= mostCameras);
  const results = new Map<string, SteadyState[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of fit) {
      const figures = await measureOnce(contender, options);
      results.set(contender.name, [...(results.get(contender.name) ?? []), figures]);
    }
  }
  return [...results].map(([contender, figures]) => ({ contender, ...medianOf(figures) }));
}

async function measureOnce(contender: Contender, options: ScaleOptions): Promise<SteadyState> {
  const { load, cameras, seconds } = options;
  const urls = Array.from({ length: cameras }, (_, index) => load.url(index));
  const running = await contender.start(urls);
  try {
    await sleep((seconds >= 20 ? SETTLE_SEC : QUICK_SETTLE_SEC) * 1000);
    return await steadyState({ pids: await running.pids(), generatorPid: load.pid, cameras, seconds });
  } finally {
    await running.stop();
  }
}

function medianOf(figures: readonly SteadyState[]): SteadyState {
  const median = (pick: (state: SteadyState) => number): number => percentile(figures.map(pick), 0.49);
  return {
    cameras: figures[0]?.cameras ?? 0,
    seconds: median(({ seconds }) => seconds),
    cpuPercentPerCamera: median(({ cpuPercentPerCamera }) => cpuPercentPerCamera),
    rssMb: median(({ rssMb }) => rssMb),
    generatorCpuPercent: median(({ generatorCpuPercent }) => generatorCpuPercent),
  };
}
