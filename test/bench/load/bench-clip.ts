import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What every camera of the benchmark sends: H.264 1080p25, 4 Mb/s constant, one key frame in two seconds. */
export const clipFacts = {
  width: 1920,
  height: 1080,
  fps: 25,
  bitrateKbps: 4000,
  gopFrames: 50,
  frames: 200,
} as const;

/** Bits of the frame number drawn as white and black blocks in the picture's upper left corner, least bit first. */
export const stampBits = { count: 8, blockPx: 64, heightPx: 64 } as const;

/** The clip as an Annex B file; made by FFmpeg the first time, then kept in `.cache/bench`. */
export async function benchClip(): Promise<Buffer> {
  const folder = join(import.meta.dirname, '../../../.cache/bench');
  const file = join(folder, 'clip-1080p25-4M.h264');
  if (!(await stat(file).catch(() => undefined))) {
    await mkdir(folder, { recursive: true });
    await run('ffmpeg', encodeArguments(`${file}.part`), { maxBuffer: 1 << 20 });
    await rename(`${file}.part`, file);
  }
  return readFile(file);
}

function encodeArguments(file: string): string[] {
  const { width, height, fps, bitrateKbps, gopFrames, frames } = clipFacts;
  const { count, blockPx, heightPx } = stampBits;
  const size = `${count * blockPx}x${heightPx}`;
  const stamp = `color=black:size=${size}:rate=${fps},format=gray,geq=lum='255*mod(floor(N/pow(2,floor(X/${blockPx}))),2)'`;
  const rate = `nal-hrd=cbr:keyint=${gopFrames}:min-keyint=${gopFrames}:scenecut=0:bframes=0:slices=1:repeat-headers=1`;
  return [
    '-hide_banner',
    '-v',
    'error',
    '-y',
    '-threads',
    '1',
    '-f',
    'lavfi',
    '-i',
    `testsrc2=size=${width}x${height}:rate=${fps}`,
    '-f',
    'lavfi',
    '-i',
    stamp,
    '-filter_complex',
    '[0:v]noise=alls=12:allf=t[n];[n][1:v]overlay=0:0,format=yuv420p',
    '-frames:v',
    String(frames),
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-profile:v',
    'high',
    '-b:v',
    `${bitrateKbps}k`,
    '-minrate',
    `${bitrateKbps}k`,
    '-maxrate',
    `${bitrateKbps}k`,
    '-bufsize',
    `${bitrateKbps}k`,
    '-x264-params',
    rate,
    '-f',
    'h264',
    file,
  ];
}
