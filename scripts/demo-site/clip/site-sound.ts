import { execFile } from 'node:child_process';
import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readAdts, type AacFrames } from './adts.ts';
import { ffmpegProgram } from './ffmpeg-program.ts';

/** The sound of the site: a low rumble and the beep of a lorry backing up; AAC 16 kHz, made once and kept. */
export async function siteSound(folder: string): Promise<AacFrames> {
  const path = join(folder, 'site-sound-1.aac');
  const kept = await readFile(path).catch(() => undefined);
  const known = kept === undefined ? undefined : readAdts(kept);
  if (known !== undefined) return known;
  const part = `${path}.${process.pid}.part`;
  const seconds = 12.288; // 192 AAC frames, so that the loop has no gap
  const filter =
    `anoisesrc=color=brown:amplitude=0.12:r=16000:d=${seconds},lowpass=f=900[n];` +
    `sine=f=1180:r=16000:d=${seconds},volume='0.06*lt(mod(t,1.024),0.4)*lt(t,6)':eval=frame[b];[n][b]amix=inputs=2:normalize=0`;
  const args = [
    '-v',
    'error',
    '-y',
    '-filter_complex',
    filter,
    '-ac',
    '1',
    '-c:a',
    'aac',
    '-b:a',
    '32k',
    '-f',
    'adts',
    part,
  ];
  await promisify(execFile)(ffmpegProgram(), args, { timeout: 60_000 });
  const made = readAdts(await readFile(part));
  if (made === undefined)
    throw new Error('The demo site could not make its sound: FFmpeg wrote no AAC frames.');
  await rename(part, path);
  return made;
}
