import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { benchOptions } from './bench-options.ts';
import type { BenchOptions } from './bench-options.ts';
import { ffmpegCopy } from './contenders/ffmpeg-copy.ts';
import { gantry } from './contenders/gantry.ts';
import { findPeers } from './contenders/peers.ts';
import { ReplayProcess } from './load/replay-process.ts';
import { firstPicture, glassDelays, lateSegments, manyViewers } from './measure/live-measurements.ts';
import { recordQueries } from './measure/record-queries.ts';
import { captureCost, slotKeeping } from './measure/snapshots.ts';
import { outageMemory, stateCost } from './measure/states.ts';
import { compareAt } from './measure/scale.ts';
import { reportText } from './report.ts';
import type { BenchReport } from './report.ts';

/** Runs the benchmark, writes test/bench/latest.json and prints the table. */
async function main(args: readonly string[]): Promise<void> {
  const options = benchOptions(args);
  const load = await ReplayProcess.start();
  try {
    const report = await measureAll(options, load);
    await writeFile(join(import.meta.dirname, 'latest.json'), `${JSON.stringify(report, null, 2)}\n`);
    console.log(reportText(report));
  } finally {
    await load.stop();
  }
}

async function measureAll(options: BenchOptions, load: ReplayProcess): Promise<BenchReport> {
  const { parts, seconds, rounds, cameraCounts, lateCameras } = options;
  const peers = await findPeers();
  const contenders = [
    gantry('none'),
    gantry('ws'),
    gantry('hls'),
    ffmpegCopy(options.ffmpegMost),
    ...peers.found,
  ];
  const report: BenchReport = {
    at: new Date().toISOString(),
    machine: machine(),
    missingPeers: peers.missing,
    scale: [],
  };
  for (const cameras of parts.includes('scale') ? cameraCounts : []) {
    say(`${cameras} cameras: ${contenders.map(({ name }) => name).join('; ')}`);
    report.scale.push(...(await compareAt({ load, contenders, cameras, seconds, rounds })));
  }
  if (parts.includes('first')) report.first = await told('first picture', firstPicture(load));
  if (parts.includes('late')) {
    const late = await told('late segments', lateSegments(load, lateCameras, seconds));
    report.late = { cameras: lateCameras, ...late };
  }
  if (parts.includes('many')) report.many = await told('200 viewers', manyViewers(load, seconds));
  if (parts.includes('glass')) report.glass = await told('camera to screen', glassDelays(load, seconds));
  if (parts.includes('pictures'))
    report.pictures = await told('the cost of a picture', captureCost(load, options.pictures));
  if (parts.includes('slots'))
    report.slots = await told('1,000 cameras on a schedule', slotKeeping(load, 1000, 2));
  if (parts.includes('record'))
    report.record = await told('a record of 10 million pictures', recordQueries(1000, 10_000));
  if (parts.includes('states')) {
    report.outage = await told('an hour without a broker, 1,000 cameras', outageMemory(1000, 60));
    report.states = await told('the states of 1,000 cameras', stateCost(load, 1000, seconds));
  }
  report.machine.loadAverageAfter = loadavg()[0] ?? 0;
  return report;
}

function machine(): BenchReport['machine'] {
  const all = cpus();
  const load = loadavg()[0] ?? 0;
  return { cpu: all[0]?.model ?? '', cores: all.length, loadAverageBefore: load, loadAverageAfter: load };
}

function told<Result>(what: string, result: Promise<Result>): Promise<Result> {
  say(what);
  return result;
}

function say(what: string): void {
  console.error(`measuring ${what} …`);
}

await main(process.argv.slice(2));
