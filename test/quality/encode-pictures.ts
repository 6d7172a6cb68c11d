import { spawn } from 'node:child_process';
import { once } from 'node:events';
import sharp from 'sharp';
import type { RgbPicture } from './rgb-picture.ts';

/** How a camera encodes: codec and quantizer or constant quality, or JPEG stills of a quality. */
export type Coding =
  | { codec: 'h264'; crf: number; preset: string }
  | { codec: 'h264-rate'; kbps: number; preset: string }
  | { codec: 'h265'; crf: number; preset: string }
  | { codec: 'jpeg'; quality: number };

/**
 * Encodes the pictures as one stream with a key frame each `gop` pictures, and gives the key frames back as the gateway's
 * decoder writes them: JPEG of q 2. JPEG cameras give their own pictures.
 */
export async function encodedPictures(
  pictures: readonly RgbPicture[],
  coding: Coding,
  gop = 1,
): Promise<Buffer[]> {
  const [first] = pictures;
  if (!first) return [];
  const { width, height } = first;
  if (coding.codec === 'jpeg') {
    return Promise.all(
      pictures
        .filter((_, index) => index % gop === 0)
        .map(({ rgb }) =>
          sharp(Buffer.from(rgb.buffer), { raw: { width, height, channels: 3 } })
            .jpeg({ quality: coding.quality })
            .toBuffer(),
        ),
    );
  }
  const raw = pictures.map(({ rgb }) => Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength));
  const size = `${width}x${height}`;
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', size, '-r', '1', '-i', 'pipe:0'];
  const stream = await throughFfmpeg([...input, ...encoderOf(coding, gop), 'pipe:1'], raw);
  const format = coding.codec === 'h265' ? 'hevc' : 'h264';
  const output = ['-q:v', '2', '-f', 'image2pipe', '-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', 'pipe:1'];
  return splitJpegs(
    await throughFfmpeg(
      ['-skip_frame', 'nokey', '-f', format, '-i', 'pipe:0', '-vsync', '0', ...output],
      [stream],
    ),
  );
}

function encoderOf(coding: Exclude<Coding, { codec: 'jpeg' }>, gop: number): string[] {
  if (coding.codec === 'h265') {
    const params = `keyint=${gop}:min-keyint=${gop}:scenecut=0:open-gop=0:bframes=0:log-level=error`;
    return ['-c:v', 'libx265', '-preset', coding.preset, '-crf', String(coding.crf)].concat([
      '-pix_fmt',
      'yuv420p',
      '-x265-params',
      params,
      '-f',
      'hevc',
    ]);
  }
  const rate =
    coding.codec === 'h264'
      ? ['-crf', String(coding.crf)]
      : ['-b:v', `${coding.kbps}k`, '-maxrate', `${coding.kbps}k`, '-bufsize', `${coding.kbps}k`];
  return [
    '-c:v',
    'libx264',
    '-preset',
    coding.preset,
    '-pix_fmt',
    'yuv420p',
    '-bf',
    '0',
    '-sc_threshold',
    '0',
  ].concat(['-g', String(gop), '-keyint_min', String(gop)], rate, ['-f', 'h264']);
}

async function throughFfmpeg(args: readonly string[], input: readonly Buffer[]): Promise<Buffer> {
  const child = spawn(
    process.env['GANTRY_FFMPEG'] ?? 'ffmpeg',
    ['-nostdin', '-loglevel', 'error', '-threads', '1', ...args],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on('error', () => undefined);
  for (const bytes of input) if (!child.stdin.write(bytes)) await once(child.stdin, 'drain');
  child.stdin.end();
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)}: ${args.join(' ')}`);
  return Buffer.concat(chunks);
}

/** A run of JPEGs cut at their ends; a marker cannot occur within coded data. */
function splitJpegs(run: Buffer): Buffer[] {
  const end = Buffer.from([0xff, 0xd9]);
  const pictures: Buffer[] = [];
  for (let from = 0; ;) {
    const at = run.indexOf(end, from);
    if (at < 0) return pictures;
    pictures.push(run.subarray(from, at + 2));
    from = at + 2;
  }
}
