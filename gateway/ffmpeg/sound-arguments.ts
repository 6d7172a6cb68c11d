import ffmpeg from 'fluent-ffmpeg';
import { allowedArguments } from './allowed-arguments.ts';
import { planSound } from './sound-plan.ts';

/** Every option that this gateway ever gives to FFmpeg for sound. */
const ALLOWED_OPTIONS = new Set([
  '-nostdin',
  '-hide_banner',
  '-loglevel',
  '-nostats',
  '-threads',
  '-protocol_whitelist',
  '-probesize',
  '-analyzeduration',
  '-f',
  '-i',
  '-map',
  '-vn',
  '-acodec',
  '-ar',
  '-ac',
  '-b:a',
  '-flush_packets',
]);

/** FFmpeg's arguments to turn sound in a live fragmented MP4 on standard input into AAC in ADTS on standard output. */
export function soundArguments(source: { timescale: number; channels: number }): string[] {
  const plan = planSound(source);
  const command = ffmpeg()
    .input('pipe:0')
    .inputOptions(['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error', '-threads', '1'])
    .inputOptions(['-probesize', '32', '-analyzeduration', '0', '-protocol_whitelist', 'pipe'])
    .inputFormat('mp4')
    .outputOptions(['-map', '0:a:0', '-vn', '-acodec', 'aac', '-threads', '1'])
    .outputOptions(['-ar', String(plan.rate), '-ac', String(plan.channels), '-b:a', `${plan.kbps}k`])
    .outputOptions(['-flush_packets', '1'])
    .format('adts')
    .output('pipe:1');
  return allowedArguments(command, ALLOWED_OPTIONS);
}
