import ffmpeg from 'fluent-ffmpeg';
import { allowedArguments } from './allowed-arguments.ts';

/** Every option that this gateway ever gives to FFmpeg for time-lapses. */
const ALLOWED_OPTIONS = new Set([
  '-y',
  '-nostdin',
  '-hide_banner',
  '-loglevel',
  '-nostats',
  '-protocol_whitelist',
  '-f',
  '-pixel_format',
  '-video_size',
  '-framerate',
  '-i',
  '-an',
  '-filter:v',
  '-vcodec',
  '-preset',
  '-profile:v',
  '-crf',
  '-maxrate',
  '-bufsize',
  '-g',
  '-threads',
  '-colorspace',
  '-color_primaries',
  '-color_trc',
  '-movflags',
]);

/** The file that FFmpeg writes in the folder it is started in. */
export const TIMELAPSE_FILE = 'timelapse.mp4';

/** A film's frames: even sizes in pixels, pictures a second. */
export interface TimelapseFormat {
  width: number;
  height: number;
  fps: number;
}

/**
 * FFmpeg's arguments to turn raw RGB frames on standard input into an MP4 that phones play: H.264 High, 4:2:0, BT.709
 * in limited range, index in front. MP4 with its index in front cannot be written to a pipe, hence the fixed file name.
 */
export function timelapseArguments({ width, height, fps }: TimelapseFormat): string[] {
  const mostKbps = Math.round((width * height * Math.min(fps, 30)) / 5000);
  const command = ffmpeg()
    .input('pipe:0')
    .inputOptions(['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'error'])
    .inputOptions(['-protocol_whitelist', 'pipe'])
    .inputOptions(['-pixel_format', 'rgb24', '-video_size', `${width}x${height}`])
    .inputOptions(['-framerate', String(fps)])
    .inputFormat('rawvideo')
    .outputOptions(['-an'])
    .videoFilters(['scale=out_color_matrix=bt709:out_range=tv', 'format=yuv420p'])
    .videoCodec('libx264')
    .outputOptions(['-preset', 'faster', '-profile:v', 'high', '-crf', '21', '-threads', '2'])
    .outputOptions(['-maxrate', `${mostKbps}k`, '-bufsize', `${mostKbps * 2}k`, '-g', String(fps * 2)])
    .outputOptions(['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'])
    .outputOptions(['-movflags', '+faststart'])
    .format('mp4')
    .output(TIMELAPSE_FILE);
  return allowedArguments(command, ALLOWED_OPTIONS, TIMELAPSE_FILE);
}
