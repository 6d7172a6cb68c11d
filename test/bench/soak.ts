import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startGantry } from './contenders/gantry.ts';
import { IdleViewers } from './load/idle-viewers.ts';
import { ReplayProcess } from './load/replay-process.ts';
import { GarbageCollector } from './measure/garbage-collector.ts';
import { memorySlope } from './measure/memory-slope.ts';
import type { MemoryReading } from './measure/memory-slope.ts';
import { processUsage } from './measure/process-usage.ts';

const READ_EVERY_SEC = 10;
/** Windows fill and code is compiled in the first part of a run; memory is followed in the rest. */
const WARM_UP_SHARE = 1 / 4;

/** Runs the gateway under load for long and tells the slope of its memory: `npm run soak -- --minutes 60 --cameras 10`. */
async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '60' },
      cameras: { type: 'string', default: '10' },
    },
  });
  const totalSec = Number(values.minutes) * 60;
  const cameras = Number(values.cameras);
  const load = await ReplayProcess.start();
  // Through their inspectors gateway and broker collect their garbage before each reading: V8 lets hours of it gather.
  process.env['NODE_OPTIONS'] = '--inspect=127.0.0.1:0';
  const running = await startGantry(Array.from({ length: cameras }, (_, index) => load.url(index)));
  const viewers = new IdleViewers(running.api, running.cameraIds, true);
  const collectors = await collectorsOf(await running.pids());
  try {
    await viewers.start();
    const readings = await readMemory(running.pids, collectors, totalSec);
    const steady = readings.filter(({ atSec }) => atSec >= totalSec * WARM_UP_SHARE);
    const { mbPerHour, noiseMbPerHour } = memorySlope(steady);
    console.log(
      `${cameras} cameras, ${values.minutes} min: ${steady.at(-1)?.rssMb.toFixed(0)} MB at the end, slope ${mbPerHour.toFixed(1)} ± ${noiseMbPerHour.toFixed(1)} MB an hour; ${viewers.failures} failed requests`,
    );
    if (mbPerHour > noiseMbPerHour) console.log('memory grew by more than noise');
    process.exitCode = mbPerHour > noiseMbPerHour || viewers.failures > 0 ? 1 : 0;
  } finally {
    viewers.stop();
    for (const collector of collectors) collector.close();
    await running.stop();
    await load.stop();
  }
}

async function collectorsOf(pids: readonly number[]): Promise<GarbageCollector[]> {
  const found = await Promise.all(pids.map((pid) => GarbageCollector.connect(pid)));
  return found.filter((collector) => collector !== undefined);
}

async function readMemory(
  pids: () => Promise<number[]>,
  collectors: readonly GarbageCollector[],
  totalSec: number,
): Promise<MemoryReading[]> {
  const readings: MemoryReading[] = [];
  const startedMs = performance.now();
  for (let atSec = 0; atSec < totalSec; atSec = (performance.now() - startedMs) / 1000) {
    await sleep(READ_EVERY_SEC * 1000);
    for (const collector of collectors) await collector.collect();
    const { rssMb } = await processUsage(await pids());
    readings.push({ atSec, rssMb });
    if (readings.length % 6 === 0) console.error(`${(atSec / 60).toFixed(0)} min: ${rssMb.toFixed(0)} MB`);
  }
  return readings;
}

await main(process.argv.slice(2));
