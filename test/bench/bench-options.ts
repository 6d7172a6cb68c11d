import { parseArgs } from 'node:util';

/** The parts of the benchmark. */
export const benchParts = [
  'scale',
  'first',
  'late',
  'many',
  'glass',
  'pictures',
  'slots',
  'record',
  'states',
] as const;
/** Run only when they are named: each takes many minutes or gigabytes. */
const longParts: ReadonlySet<string> = new Set(['slots', 'record', 'states']);
export type BenchPart = (typeof benchParts)[number];

/** What a run of the benchmark measures. */
export interface BenchOptions {
  parts: readonly BenchPart[];
  cameraCounts: readonly number[];
  /** Length of each measurement. */
  seconds: number;
  /** All contenders one after the other, so many times; the median counts. */
  rounds: number;
  /** Cameras of the measurement of late segments. */
  lateCameras: number;
  /** Pictures taken to find what one costs. */
  pictures: number;
  /** Most FFmpeg processes: each takes some 50 MB. */
  ffmpegMost: number;
}

/** Reads the command line of `npm run bench`. Throws on options that there are not. */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      cameras: { type: 'string' },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      'ffmpeg-most': { type: 'string', default: '100' },
    },
  });
  const { quick } = values;
  const wanted = values.only?.split(',') ?? benchParts.filter((part) => !longParts.has(part));
  const unknown = wanted.find((part) => !benchParts.some((known) => known === part));
  if (unknown !== undefined) throw new Error(`--only takes ${benchParts.join()}; there is no ${unknown}`);
  return {
    parts: benchParts.filter((part) => wanted.includes(part)),
    cameraCounts: (values.cameras ?? (quick ? '10,30' : '1,10,100,300')).split(',').map(Number),
    seconds: Number(values.seconds ?? (quick ? 10 : 30)),
    rounds: Number(values.rounds ?? (quick ? 1 : 2)),
    lateCameras: quick ? 30 : 100,
    pictures: quick ? 10 : 40,
    ffmpegMost: Number(values['ffmpeg-most']),
  };
}
