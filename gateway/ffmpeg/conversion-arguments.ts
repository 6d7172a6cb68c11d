import ffmpeg from 'fluent-ffmpeg';
import { allowedArguments } from './allowed-arguments.ts';
import { CONVERTED_GOP_SEC, planH264 } from './h264-plan.ts';
import type { ConversionKind, H264Plan, PictureFormat } from './h264-plan.ts';

/** The video to convert; ingest's `VideoTrack` has this shape. */
export interface ConversionSource extends PictureFormat {
  codec: 'h264' | 'h265' | 'mjpeg';
  /** Absent: BT.709 from 720 lines up, else BT.601, as browsers take it. */
  colour?: { matrix: 'bt601' | 'bt709' | 'bt2020' | null };
}

/** Every option that this gateway ever gives to FFmpeg for conversions. */
const ALLOWED_OPTIONS = new Set([
  '-nostdin',
  '-hide_banner',
  '-loglevel',
  '-nostats',
  '-threads',
  '-max_pixels',
  '-protocol_whitelist',
  '-probesize',
  '-analyzeduration',
  '-fpsprobesize',
  '-copyts',
  '-f',
  '-i',
  '-map',
  '-an',
  '-fps_mode',
  '-enc_time_base',
  '-filter:v',
  '-vcodec',
  '-preset',
  '-tune',
  '-profile:v',
  '-level',
  '-crf',
  '-maxrate',
  '-bufsize',
  '-g',
  '-sc_threshold',
  '-force_key_frames',
  '-forced-idr',
  '-x264-params',
  '-flush_packets',
  '-flvflags',
]);

const MOST_PIXELS = 40_000_000;
/** Above this one thread cannot decode in time; each further one holds back one frame. */
const MOST_PIXELS_OF_ONE_THREAD = 1920 * 1088;

/**
 * FFmpeg's arguments to turn a live fragmented MP4 on standard input into H.264 in FLV on standard output. Each frame
 * leaves as soon as it is coded, with the time it came with (FLV: to the millisecond). Not `-fflags nobuffer`: it
 * throws away the frames that FFmpeg looked at to open the input, the first key frame among them.
 */
export function conversionArguments(source: ConversionSource, kind: ConversionKind = 'h264'): string[] {
  const plan = planH264(source, kind);
  const rate = `${plan.maxKbps}k`;
  const decodeThreads = source.width * source.height > MOST_PIXELS_OF_ONE_THREAD ? '2' : '1';
  const command = ffmpeg()
    .input('pipe:0')
    .inputOptions(['-nostdin', '-hide_banner', '-nostats', '-copyts'])
    .inputOptions(['-loglevel', 'error', '-threads', decodeThreads, '-max_pixels', String(MOST_PIXELS)])
    .inputOptions(['-probesize', '32', '-analyzeduration', '0', '-fpsprobesize', '0'])
    .inputOptions(['-protocol_whitelist', 'pipe'])
    .inputFormat('mp4')
    .outputOptions(['-map', '0:v:0', '-an', '-fps_mode', 'passthrough', '-enc_time_base', '1:90000'])
    .videoFilters(filters(source, plan))
    .videoCodec('libx264')
    .outputOptions(['-preset', 'superfast', '-tune', 'zerolatency'])
    .outputOptions(['-profile:v', 'main', '-level', plan.level, '-threads', '2'])
    .outputOptions(['-crf', '23', '-maxrate', rate, '-bufsize', rate])
    .outputOptions(['-g', String(Math.ceil(plan.fps * CONVERTED_GOP_SEC)), '-sc_threshold', '0'])
    .outputOptions([
      '-force_key_frames',
      keyFrames(source),
      '-forced-idr',
      '1',
      '-x264-params',
      `fps=${plan.fps}`,
    ])
    .outputOptions(['-flush_packets', '1', '-flvflags', 'no_duration_filesize'])
    .format('flv')
    .output('pipe:1');
  return allowedArguments(command, ALLOWED_OPTIONS);
}

/** Where the source has key frames; each MJPEG picture is one, which H.264 need not follow. */
function keyFrames({ codec }: ConversionSource): string {
  return codec === 'mjpeg' ? `expr:gte(t,n_forced*${CONVERTED_GOP_SEC})` : 'source';
}

/**
 * A matrix that the source names is written into the H.264 too (MJPEG's always is). One that it does not name players
 * take for BT.709 from 720 lines up and for BT.601 below: a picture that moves from one side to the other is converted.
 */
function filters(source: ConversionSource, plan: H264Plan): string[] {
  const steps: string[] = [];
  if (plan.width !== source.width || plan.height !== source.height)
    steps.push(`${plan.width}:${plan.height}`, 'flags=fast_bilinear');
  if (source.codec === 'mjpeg') steps.push('in_range=full', 'out_range=limited');
  const [from, to] = [usualMatrix(source.height), usualMatrix(plan.height)];
  if (!source.colour?.matrix && from !== to) steps.push(`in_color_matrix=${from}`, `out_color_matrix=${to}`);
  return [...(steps.length > 0 ? [`scale=${steps.join(':')}`] : []), 'format=yuv420p'];
}

function usualMatrix(lines: number): 'bt709' | 'bt601' {
  return lines >= 720 ? 'bt709' : 'bt601';
}
