import ffmpeg from 'fluent-ffmpeg';
import { allowedArguments } from './allowed-arguments.ts';
import { noteFilters } from './picture-notes.ts';

/** What a picture's FFmpeg call depends on; nothing of it is text from a user or a camera. */
export interface PictureInput {
  codec: 'h264' | 'h265' | 'mjpeg';
  /** Height of the coded picture, pixels. */
  height: number;
  /** The matrix that the stream names; absent or null: BT.709 from 720 lines up, else BT.601, as browsers take it. */
  colour?: { matrix: 'bt601' | 'bt709' | 'bt2020' | null };
}

/** Refuses pictures larger than 8K (7680 × 4320 and a little), so that a lying SPS cannot take all memory. */
const MOST_PIXELS = 40_000_000;

/**
 * Square pixels for anamorphic cameras by widening the shorter side (ratios past 4:1 are taken as a mistake), and the
 * matrix and full range that JFIF prescribes. The matrix of the source is named here, since FFmpeg's H.265 decoder
 * forgets what it is told as an option.
 */
function pictureFilters({ height, colour }: PictureInput): string[] {
  const matrix = colour?.matrix ?? (height >= 720 ? 'bt709' : 'bt601');
  return [
    "scale=w='if(gt(sar,1)*lte(sar,4),round(iw*sar),iw)':h='if(lt(sar,1)*gte(sar,0.25),round(ih/sar),ih)'" +
      `:in_color_matrix=${matrix}:out_color_matrix=bt601:out_range=full`,
    'setsar=1',
    // Not yuvj420p: with it FFmpeg 7.0 leaves the matrix as it is.
    'format=yuv420p',
  ];
}

/** Every option that this gateway ever gives to FFmpeg for pictures. */
const ALLOWED_OPTIONS = new Set([
  '-nostdin',
  '-hide_banner',
  '-loglevel',
  '-nostats',
  '-xerror',
  '-threads',
  '-err_detect',
  '-max_pixels',
  '-protocol_whitelist',
  '-f',
  '-i',
  '-vcodec',
  '-filter:v',
  '-q:v',
  '-frames:v',
]);

/** And those for many pictures one after the other. */
const ALLOWED_STREAM_OPTIONS = new Set([
  ...ALLOWED_OPTIONS,
  '-copyts',
  '-flags',
  '-filter_threads',
  '-probesize',
  '-analyzeduration',
  '-fpsprobesize',
  '-fps_mode',
  '-flush_packets',
]);

const INPUT_FORMATS = { h264: 'h264', h265: 'hevc', mjpeg: 'mjpeg' } as const;

/** FFmpeg's arguments to make one JPEG on standard output from one Annex B access unit on standard input. */
export function pictureArguments(input: PictureInput): string[] {
  const command = ffmpeg()
    .input('pipe:0')
    .inputOptions(['-nostdin', '-hide_banner', '-nostats', '-xerror'])
    .inputOptions(['-loglevel', 'error', '-threads', '1', '-err_detect', 'explode'])
    .inputOptions(['-max_pixels', String(MOST_PIXELS), '-protocol_whitelist', 'pipe'])
    .inputFormat(INPUT_FORMATS[input.codec])
    .videoCodec('mjpeg')
    .videoFilters(pictureFilters(input))
    .outputOptions(['-q:v', '2', '-frames:v', '1', '-threads', '1'])
    .format('image2pipe')
    .output('pipe:1');
  return allowedArguments(command, ALLOWED_OPTIONS);
}

/**
 * FFmpeg's arguments to make JPEGs on standard output, one by one, from a Matroska stream on standard input. Frames at
 * even seconds are pictures, those at odd seconds are decoded and dropped. Each is told of on standard error, where
 * faults are, so that it is certain what became of it and that nothing was said before. `-probesize 32`: nothing is read
 * ahead, and no frame of a stream without B-frames is held back.
 */
export function pictureStreamArguments(input: PictureInput): string[] {
  const command = ffmpeg()
    .input('pipe:0')
    .inputOptions(['-nostdin', '-hide_banner', '-nostats', '-xerror', '-copyts', '-filter_threads', '1'])
    .inputOptions(['-loglevel', 'error', '-threads', '1', '-err_detect', 'explode', '-flags', 'low_delay'])
    .inputOptions(['-probesize', '32', '-analyzeduration', '0', '-fpsprobesize', '0'])
    .inputOptions(['-max_pixels', String(MOST_PIXELS), '-protocol_whitelist', 'pipe'])
    .inputFormat('matroska')
    .videoCodec('mjpeg')
    .videoFilters([...noteFilters, "select='eq(mod(t,2),0)'", ...pictureFilters(input)])
    .outputOptions(['-q:v', '2', '-fps_mode', 'passthrough', '-threads', '1', '-flush_packets', '1'])
    .format('image2pipe')
    .output('pipe:1');
  return allowedArguments(command, ALLOWED_STREAM_OPTIONS);
}
