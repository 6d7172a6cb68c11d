import { execFile } from 'node:child_process';

/** What ffprobe says of a stream. */
export interface ProbedStream {
  codec_name: string;
  codec_type: string;
  width?: number;
  height?: number;
  avg_frame_rate?: string;
  r_frame_rate?: string;
  sample_rate?: string;
}

/** Runs a program to its end; rejects with its standard error when it fails. */
export function run(
  program: string,
  args: readonly string[],
  timeoutMs = 60_000,
  encoding: 'utf8' | 'latin1' = 'utf8',
): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      { timeout: timeoutMs, maxBuffer: 64 << 20, encoding },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`${program} failed: ${stderr.slice(-2000) || error.message}`));
        else resolve({ stdout, stderr });
      },
    );
  });
}

/** The streams that ffprobe finds behind a URL of the gateway. */
export async function probeStreams(url: string, cookie: string): Promise<ProbedStream[]> {
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-headers',
    `Cookie: ${cookie}\r\n`,
    '-show_streams',
    '-of',
    'json',
    url,
  ]);
  return (JSON.parse(stdout) as { streams: ProbedStream[] }).streams;
}

/** Decodes `seconds` of a live URL; returns the frames decoded and what FFmpeg complained of. */
export async function decodeFor(
  url: string,
  cookie: string,
  seconds: number,
): Promise<{ frames: number; complaints: string }> {
  const args = [
    '-v',
    'warning',
    '-headers',
    `Cookie: ${cookie}\r\n`,
    '-i',
    url,
    '-map',
    '0:v:0',
    '-t',
    String(seconds),
  ];
  const { stdout, stderr } = await run(
    'ffmpeg',
    ['-nostdin', ...args, '-progress', '-', '-f', 'null', '-'],
    120_000,
  );
  const frames = Array.from(stdout.matchAll(/^frame=\s*(\d+)/gm), ([, count]) => Number(count));
  return { frames: frames.at(-1) ?? 0, complaints: realComplaints(stderr) };
}

/** `25/1` as a number. */
export function ratio(text: string | undefined): number {
  const [numerator, denominator = '1'] = (text ?? '0').split('/');
  return Number(numerator) / Number(denominator);
}

/** FFmpeg reads the EXT-X-MAP of a live playlist anew at each reload and remarks on it; that is no fault of the stream. */
function realComplaints(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines
    .filter((line, index) => {
      const remark = /Last message repeated/.test(line) ? (lines[index - 1] ?? '') : line;
      return !remark.includes('Found duplicated MOOV Atom. Skipped it');
    })
    .join('\n');
}
