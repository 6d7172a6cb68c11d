import type { FirstPicture, ManyViewers } from './measure/live-measurements.ts';
import type { GlassDelay } from './measure/glass-to-glass.ts';
import type { SegmentPunctuality } from './measure/late-segments.ts';
import type { RecordQueries } from './measure/record-queries.ts';
import type { CaptureCost, SlotKeeping } from './measure/snapshots.ts';
import type { OutageMemory, StateCost } from './measure/states.ts';
import type { ScaleResult } from './measure/scale.ts';

/** All that a run measured; what was not asked for is absent. Written to test/bench/latest.json. */
export interface BenchReport {
  at: string;
  machine: { cpu: string; cores: number; loadAverageBefore: number; loadAverageAfter: number };
  missingPeers: string[];
  scale: ScaleResult[];
  first?: FirstPicture;
  late?: SegmentPunctuality & { cameras: number };
  many?: ManyViewers;
  glass?: { ws: GlassDelay; llHls: GlassDelay };
  pictures?: CaptureCost;
  slots?: SlotKeeping;
  record?: RecordQueries;
  states?: StateCost;
  outage?: OutageMemory;
}

const REFERENCE = 'ffmpeg copy';
/** Media of one GOP of the clip: 2 s of 4 Mb/s. */
const GOP_MB = 1;

/** The report as text, with ratios to FFmpeg and the bars of the project beside the figures. */
export function reportText(report: BenchReport): string {
  const { machine } = report;
  return [
    `${machine.cpu}, ${machine.cores} cores; load average ${machine.loadAverageBefore.toFixed(1)} before, ${machine.loadAverageAfter.toFixed(1)} after`,
    ...(report.missingPeers.length > 0 ? [`not on this machine: ${report.missingPeers.join(', ')}`] : []),
    ...scaleLines(report.scale),
    ...memoryLines(report.scale),
    ...liveLines(report),
    ...recordLines(report),
    ...stateLines(report),
  ].join('\n');
}

function scaleLines(results: readonly ScaleResult[]): string[] {
  if (results.length === 0) return [];
  const lines = results.map((result) => {
    const reference = results.find(
      (other) => other.contender === REFERENCE && other.cameras === result.cameras,
    );
    const ratio = reference && result.cpuPercentPerCamera / reference.cpuPercentPerCamera;
    const cells = [
      result.contender.padEnd(20),
      String(result.cameras).padStart(4),
      result.cpuPercentPerCamera.toFixed(3).padStart(9),
      (ratio?.toFixed(2) ?? '-').padStart(9),
      (result.rssMb / result.cameras).toFixed(1).padStart(8),
      result.generatorCpuPercent.toFixed(0).padStart(8),
    ];
    return cells.join(' ');
  });
  return [
    '',
    'contender             N     CPU %  × FFmpeg   RSS MB   load %   (for each camera; bar 0.35 × FFmpeg)',
    ...lines,
  ];
}

/** What one camera more takes, from the smallest number of cameras to the largest. */
function memoryLines(results: readonly ScaleResult[]): string[] {
  return [...new Set(results.map(({ contender }) => contender))].flatMap((contender) => {
    const own = results.filter((result) => result.contender === contender);
    const [small, large] = [own[0], own.at(-1)];
    if (!small || !large || large.cameras === small.cameras) return [];
    const perCameraMb = (large.rssMb - small.rssMb) / (large.cameras - small.cameras);
    const beyondGopMb = (perCameraMb - GOP_MB).toFixed(1);
    return [`${contender}: ${perCameraMb.toFixed(1)} MB for each camera more, ${beyondGopMb} beyond one GOP`];
  });
}

function liveLines({ first, late, many, glass }: BenchReport): string[] {
  const lines: string[] = [''];
  if (first) {
    lines.push(
      `first picture, cold, after the camera's next key frame: HLS ${times(first.coldHlsAfterKeyFrame)}, WS ${times(first.coldWsAfterKeyFrame)} (bar 300)`,
      `first picture, warm: HLS ${times(first.warmHls)}, WS ${times(first.warmWs)} (bar 300)`,
    );
  }
  if (late) {
    lines.push(
      `${late.cameras} cameras: ${late.segments} segments, ${late.late} late (bar 0); listed ${late.p50Ms.toFixed(0)} ms after their end (p50), p99 ${late.p99Ms.toFixed(0)}, worst ${late.worstMs.toFixed(0)}`,
    );
  }
  if (many) {
    lines.push(
      `200 HLS viewers on 10 cameras: ${many.gatewayCpuPercent.toFixed(0)} % of a core, ${many.rssMb.toFixed(0)} MB, ${many.failures} failed requests`,
    );
  }
  if (glass) {
    lines.push(
      `camera to screen, ${glass.ws.plays} plays each: WS ${delayText(glass.ws)} (bar 400), LL-HLS ${delayText(glass.llHls)} (bar 1500)`,
    );
  }
  return lines;
}

function recordLines({ pictures, slots, record }: BenchReport): string[] {
  const lines: string[] = [];
  if (pictures) {
    lines.push(
      `a scheduled picture of a running stream: ${pictures.gantryMs.toFixed(0)} ms of a core, ffmpeg -frames:v 1 ${pictures.ffmpegMs.toFixed(0)} ms: ${pictures.ratio.toFixed(2)} × FFmpeg (bar 0.25)`,
    );
  }
  if (slots)
    lines.push(
      `${slots.cameras} cameras, ${slots.slots} slots: ${slots.taken} taken, ${slots.missed} missed (bar 0)`,
    );
  if (record) {
    lines.push(
      `a record of ${record.rows} pictures: ${record.fileMb.toFixed(0)} MB, made in ${record.generateSec.toFixed(0)} s (bar p99 10 ms)`,
    );
    for (const { question, p50Ms, p99Ms, p99CpuMs } of record.queries)
      lines.push(
        `  ${question.padEnd(28)} p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} (processor ${p99CpuMs.toFixed(1)})`,
      );
  }
  return lines;
}

function stateLines({ states, outage }: BenchReport): string[] {
  const lines: string[] = [];
  if (states)
    lines.push(
      `the states of ${states.cameras} idle cameras (probed each ${states.probeIntervalSec} s): ${states.cpuPercent.toFixed(1)} % of a core, ${states.rssMb.toFixed(0)} MB; all known ${states.knownAfterSec.toFixed(0)} s after the start; GET /metrics ${states.scrapeMs.toFixed(0)} ms, ${states.scrapeKb.toFixed(0)} KB`,
    );
  if (outage) {
    lines.push(
      `${outage.minutes} minutes without a broker, ${outage.cameras} cameras (drained ${outage.drainSec.toFixed(0)} s after its return, heap then ${outage.heapAfterMb.toFixed(1)} MB):`,
    );
    for (const { afterMin, heapMb, rssMb, waiting } of outage.steps)
      lines.push(
        `  after ${String(afterMin).padStart(2)} min: heap ${heapMb.toFixed(1)} MB, ${rssMb.toFixed(0)} MB resident, ${waiting} messages wait on disk`,
      );
  }
  return lines;
}

function times({ p50Ms, worstMs }: { p50Ms: number; worstMs: number }): string {
  return `p50 ${p50Ms.toFixed(0)} ms, worst ${worstMs.toFixed(0)}`;
}

function delayText({ p50Ms, p95Ms, worstP50Ms, frames }: GlassDelay): string {
  return `p50 ${p50Ms.toFixed(0)} ms, p95 ${p95Ms.toFixed(0)}, slowest play's p50 ${worstP50Ms.toFixed(0)}, ${frames} pictures`;
}
