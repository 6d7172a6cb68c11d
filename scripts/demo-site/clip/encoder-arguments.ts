import { bandHeight, gopSec, subStream, type ClipSpec, type VideoCodec } from './clip-spec.ts';

/** Files one FFmpeg run writes: for each profile the body, one black GOP of it, and a full-size picture for the parameter sets. */
export interface EncodedFiles {
  body: string;
  black: string;
  full: string;
}

const colour = [
  '-color_range',
  'tv',
  '-colorspace',
  'bt709',
  '-color_primaries',
  'bt709',
  '-color_trc',
  'bt709',
];

/** Options of the H.265 encoder; the clock's pieces are made with the same, so that both fit one set of parameters. */
export function h265Encoder(gop: number, ctuPx: number): string[] {
  const params = [
    `keyint=${gop}:min-keyint=${gop}:scenecut=0:bframes=0:ref=1:open-gop=0:wpp=0:slices=1:ctu=${ctuPx}:min-cu-size=8`,
    'temporal-mvp=0:sao=0:weightp=0:repeat-headers=1:aud=0:info=0:hrd=0:rc-lookahead=1:cutree=0:b-adapt=0:log-level=error',
  ];
  return [
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-crf',
    '25',
    '-x265-params',
    params.join(':'),
    '-f',
    'hevc',
  ];
}

function encoder(codec: VideoCodec, height: number, fps: number, kbps: number): string[] {
  const gop = gopSec * fps;
  if (codec === 'h265') return h265Encoder(gop, bandHeight(height, codec));
  const params = `keyint=${gop}:min-keyint=${gop}:scenecut=0:bframes=0:ref=1:cabac=0:weightp=0:slices=1:sliced-threads=0:rc-lookahead=0:mbtree=0:threads=2`;
  const rate = ['-crf', '22', '-maxrate', `${kbps}k`, '-bufsize', `${kbps * 2}k`];
  return [
    '-c:v',
    'libx264',
    '-preset',
    'superfast',
    '-profile:v',
    'main',
    ...rate,
    '-x264-params',
    params,
    '-f',
    'h264',
  ];
}

function outputs(
  profile: 'main' | 'sub',
  codec: VideoCodec,
  height: number,
  fps: number,
  kbps: number,
  files: EncodedFiles,
): string[] {
  const tail = [...colour, '-pix_fmt', 'yuv420p', '-an', '-y', ...encoder(codec, height, fps, kbps)];
  return [
    '-map',
    `[${profile}]`,
    ...tail,
    files.body,
    '-map',
    `[${profile}Black]`,
    ...tail,
    files.black,
    '-map',
    `[${profile}Full]`,
    '-frames:v',
    '1',
    ...tail,
    files.full,
  ];
}

function filterOf({ width, height, fps, codec }: ClipSpec): string {
  const band = bandHeight(height, codec);
  const subSourceBand = bandHeight(height, 'h264');
  const subBodyHeight = subStream.height - bandHeight(subStream.height, 'h264');
  const black = (w: number, h: number, rate: number): string =>
    `color=black:s=${w}x${h}:r=${rate}:d=${gopSec},format=yuv420p`;
  const toSub = `fps=${subStream.fps},scale=${subStream.width}:${subBodyHeight}:flags=area`;
  return [
    `[0:v]split[a][b]`,
    `[a]crop=${width}:${height - band}:0:${band}[main]`,
    `[b]crop=${width}:${height - subSourceBand}:0:${subSourceBand},${toSub}[sub]`,
    `${black(width, height - band, fps)}[mainBlack]`,
    `${black(width, height, fps)}[mainFull]`,
    `${black(subStream.width, subBodyHeight, subStream.fps)}[subBlack]`,
    `${black(subStream.width, subStream.height, subStream.fps)}[subFull]`,
  ].join(';');
}

/** FFmpeg's arguments for one clip: raw frames come in on stdin, both profiles go out in one run. */
export function encoderArguments(spec: ClipSpec, main: EncodedFiles, sub: EncodedFiles): string[] {
  const { width, height, fps, codec } = spec;
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-r', `${fps}`];
  const kbps = Math.round((width * height * fps) / 22_000);
  const start = ['-hide_banner', '-loglevel', 'error', '-nostdin', ...raw, ...colour, '-i', 'pipe:0'];
  return [
    ...start.concat('-filter_complex', filterOf(spec)),
    ...outputs('main', codec, height, fps, kbps, main),
    ...outputs('sub', 'h264', subStream.height, subStream.fps, 500, sub),
  ];
}
