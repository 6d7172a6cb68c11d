/** A program: draws and encodes one clip into the cache. `node clip-maker.ts <spec as JSON> <path prefix>`; FFmpeg from GANTRY_FFMPEG or PATH. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { drawLabel } from '../picture/label.ts';
import { Film } from '../picture/film.ts';
import { turnedScene } from '../picture/picture-effect.ts';
import { sceneNamed } from '../picture/scene-named.ts';
import { writeClip, type Clip } from './clip-file.ts';
import { bandHeight, gopSec, subStream, type ClipSpec } from './clip-spec.ts';
import { encoderArguments, type EncodedFiles } from './encoder-arguments.ts';
import { ffmpegProgram } from './ffmpeg-program.ts';
import { h264Clip } from './h264-clip.ts';
import { h265Clip } from './h265-clip.ts';

async function filmed(spec: ClipSpec, args: string[], film: Film): Promise<Buffer[]> {
  const child = spawn(ffmpegProgram(), args, { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  child.stdin.on('error', () => undefined); // FFmpeg's own message and exit code say more than EPIPE
  const stills: Buffer[] = [];
  for (let n = 0; n < spec.loopSec * spec.fps && child.exitCode === null; n += 1) {
    const frame = film.frameAt(n / spec.fps);
    await new Promise<void>((resolve) => child.stdin.write(frame, () => resolve()));
    if (n % (gopSec * spec.fps) === 0) stills.push(await film.still());
  }
  child.stdin.end();
  const [code] = await ended;
  if (code !== 0) throw new Error(`demo site: FFmpeg ended with code ${code} while encoding ${spec.scene}`);
  return stills;
}

async function streamsOf(files: EncodedFiles): Promise<[Buffer, Buffer, Buffer]> {
  return Promise.all([readFile(files.body), readFile(files.black), readFile(files.full)]);
}

async function mainClip(
  spec: ClipSpec,
  film: Film,
  stills: Buffer[],
  files: EncodedFiles,
  folder: string,
): Promise<Clip> {
  const { width, height, fps, codec } = spec;
  const band = bandHeight(height, codec);
  const background = film.bandBackground(band, band);
  const [body, black, full] = await streamsOf(files);
  const pieces = new Map<string, Buffer>();
  const coded =
    codec === 'h264'
      ? { pieces, ...h264Clip(body, black, full, width, band) }
      : await h265Clip({ body, black, full }, width, height, background, folder);
  return { codec, width, height, fps, gop: gopSec * fps, background, stills, ...coded };
}

async function subClip(spec: ClipSpec, film: Film, files: EncodedFiles): Promise<Clip> {
  const band = bandHeight(subStream.height, 'h264');
  const background = film.bandBackground(bandHeight(spec.height, 'h264'), band);
  const [body, black, full] = await streamsOf(files);
  const coded = h264Clip(body, black, full, subStream.width, band);
  const shape = { ...subStream, codec: 'h264', gop: gopSec * subStream.fps } as const;
  return { ...shape, background, pieces: new Map(), stills: [], ...coded };
}

async function make(spec: ClipSpec, prefix: string): Promise<void> {
  const folder = await mkdtemp(join(dirname(prefix), '.making-'));
  const files = (name: string): EncodedFiles => ({
    body: join(folder, `${name}.body`),
    black: join(folder, `${name}.black`),
    full: join(folder, `${name}.full`),
  });
  try {
    const { width, height, codec, part, dayNumber } = spec;
    const plainTop = Math.max(bandHeight(height, codec), bandHeight(height, 'h264'));
    const scene = turnedScene(sceneNamed(spec.scene, dayNumber, spec.variant), spec.effect);
    const label = await drawLabel(spec.label, height);
    const film = new Film(scene, part, dayNumber, width, height, plainTop, label, spec.effect);
    const stills = await filmed(spec, encoderArguments(spec, files('main'), files('sub')), film);
    await writeClip(`${prefix}.sub.clip`, await subClip(spec, film, files('sub')));
    await writeClip(`${prefix}.main.clip`, await mainClip(spec, film, stills, files('main'), folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const [specJson, prefix] = process.argv.slice(2);
if (specJson === undefined || prefix === undefined) throw new Error('usage: clip-maker.ts SPEC PREFIX');
if (process.env['DEMO_SITE_LOW_PRIORITY'] === '1') setPriority(constants.priority.PRIORITY_LOW);
await make(JSON.parse(specJson) as ClipSpec, prefix);
