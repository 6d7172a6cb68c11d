import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Mosquitto } from '../../unit/telemetry/mosquitto.ts';
import { startGantry } from '../contenders/gantry.ts';
import type { ReplayProcess } from '../load/replay-process.ts';
import { percentile } from './percentile.ts';
import { processUsage } from './process-usage.ts';

/** What the states of many idle cameras cost a whole gateway. */
export interface StateCost {
  cameras: number;
  probeIntervalSec: number;
  /** How long until all were known to be well, s. */
  knownAfterSec: number;
  /** Of the gateway itself, its broker not counted. */
  cpuPercent: number;
  rssMb: number;
  /** One GET /metrics with all cameras, the median of ten, ms. */
  scrapeMs: number;
  scrapeKb: number;
}

/** Memory of the gateway's telemetry at points of an outage of the broker. */
export interface OutageMemory {
  cameras: number;
  minutes: number;
  steps: { afterMin: number; heapMb: number; rssMb: number; waiting: number }[];
  /** From the broker's return to the last acknowledgement, s. */
  drainSec: number;
  heapAfterMb: number;
}

const PROGRAM = join(import.meta.dirname, '../load/outage-main.ts');
const PROBE_INTERVAL_SEC = 300;

/** A whole gateway with `cameras` that nobody watches: known by probes alone, told over MQTT; measured for `seconds`. */
export async function stateCost(load: ReplayProcess, cameras: number, seconds: number): Promise<StateCost> {
  const urls = Array.from({ length: cameras }, (_, index) => load.url(index));
  const startedMs = performance.now();
  const running = await startGantry(urls, 'onDemand', 0, PROBE_INTERVAL_SEC);
  try {
    const { gateway } = running;
    const metrics = async (): Promise<string> => (await fetch(`${gateway.url}/metrics`)).text();
    while (!new RegExp(`^gantry_cameras\\{light="green"\\} ${cameras}$`, 'm').test(await metrics())) {
      if (performance.now() - startedMs > 1_200_000) throw new Error('not all cameras became green');
      await sleep(1000);
    }
    const knownAfterSec = (performance.now() - startedMs) / 1000;
    const before = await processUsage([gateway.pid]);
    const fromMs = performance.now();
    await sleep(seconds * 1000);
    const after = await processUsage([gateway.pid]);
    const spanSec = (performance.now() - fromMs) / 1000;
    const scrapes: number[] = [];
    let text = '';
    for (let scrape = 0; scrape < 10; scrape += 1) {
      const scrapeFromMs = performance.now();
      text = await metrics();
      scrapes.push(performance.now() - scrapeFromMs);
    }
    return {
      cameras,
      probeIntervalSec: PROBE_INTERVAL_SEC,
      knownAfterSec,
      cpuPercent: ((after.cpuSec - before.cpuSec) / spanSec) * 100,
      rssMb: after.rssMb,
      scrapeMs: percentile(scrapes, 0.5),
      scrapeKb: text.length / 1024,
    };
  } finally {
    await running.stop();
  }
}

/**
 * Lives through an outage of the broker: `minutes` of the news of `cameras`, as fast as they can be recorded, then the broker
 * (Mosquitto) returns and takes them.
 */
export async function outageMemory(cameras: number, minutes: number): Promise<OutageMemory> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-outage-'));
  const broker = await Mosquitto.create();
  await broker.start();
  const child = new OutageChild(broker.url, join(folder, 'gantry.db'), cameras);
  try {
    await child.answer();
    await child.order('minutes 1');
    await child.until(({ waiting, connected }) => connected && waiting === 0);
    await broker.stop();
    await child.until(({ connected }) => !connected);
    const steps = [{ afterMin: 0, ...(await child.order('usage')) }];
    const share = Math.ceil(minutes / 6);
    for (let done = share; done <= minutes; done += share)
      steps.push({ afterMin: done, ...(await child.order(`minutes ${share}`)) });
    await broker.start();
    const returnedMs = performance.now();
    await child.until(({ waiting }) => waiting === 0);
    const drainSec = (performance.now() - returnedMs) / 1000;
    const { heapMb: heapAfterMb } = await child.order('usage');
    return { cameras, minutes, steps: steps.map(toStep), drainSec, heapAfterMb };
  } finally {
    await child.end();
    await broker.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Usage {
  heapMb: number;
  rssMb: number;
  waiting: number;
  connected: boolean;
}

function toStep(step: Usage & { afterMin: number }): OutageMemory['steps'][number] {
  const { afterMin, heapMb, rssMb, waiting } = step;
  return { afterMin, heapMb, rssMb, waiting };
}

/** outage-main.ts as a process: one line in, one line out. */
class OutageChild {
  readonly #child;
  readonly #lines: AsyncIterator<string>;

  constructor(url: string, path: string, cameras: number) {
    const args = ['--expose-gc', PROGRAM, url, path, String(cameras)];
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async answer(): Promise<Usage> {
    const { value, done = false } = await this.#lines.next();
    if (done) throw new Error('the measured process has ended');
    return JSON.parse(value) as Usage;
  }

  order(line: string): Promise<Usage> {
    this.#child.stdin.write(`${line}\n`);
    return this.answer();
  }

  async until(holds: (usage: Usage) => boolean): Promise<void> {
    for (let tries = 0; tries < 1200; tries += 1) {
      if (holds(await this.order('usage'))) return;
      await sleep(250);
    }
    throw new Error('the measured process did not come to rest within 5 minutes');
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }
}
