import { spawn } from 'node:child_process';

/** What FFmpeg made of some bytes or of a URL. */
export interface Verdict {
  /** Frames decoded from the first video stream. */
  frames: number;
  /** All it said at `-v warning`; empty when it has nothing to complain about. */
  complaints: string;
}

/** Decodes the video of an fMP4 file given as bytes. */
export function decodeBytes(bytes: Uint8Array): Promise<Verdict> {
  return decode(['-i', 'pipe:0'], bytes);
}

/** Decodes the video of a URL, `seconds` of it. */
export function decodeUrl(url: string, seconds: number, options: readonly string[] = []): Promise<Verdict> {
  return decode([...options, '-i', url, '-t', String(seconds)], undefined);
}

/** ffprobe's report as JSON. */
export async function probe(args: readonly string[], input?: Uint8Array): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await run('ffprobe', ['-v', 'warning', '-of', 'json', ...args], input);
  const complaints = withoutReloads(stderr);
  if (complaints !== '') throw new Error(complaints);
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** FFmpeg's HLS reader reads the init segment again at each reload of a live list, and then complains of itself. */
function withoutReloads(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !/Found duplicated MOOV Atom|Last message repeated/.test(line))
    .join('\n');
}

async function decode(input: readonly string[], bytes: Uint8Array | undefined): Promise<Verdict> {
  const args = [
    '-hide_banner',
    '-v',
    'warning',
    '-threads',
    '1',
    ...input,
    '-map',
    '0:v:0',
    '-f',
    'framemd5',
    '-',
  ];
  const { stdout, stderr } = await run('ffmpeg', args, bytes);
  const frames = stdout.split('\n').filter((line) => line.startsWith('0,')).length;
  return { frames, complaints: withoutReloads(stderr) };
}

function run(
  program: string,
  args: readonly string[],
  input: Uint8Array | undefined,
): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    child.once('error', reject);
    child.once('close', () => resolve({ stdout, stderr: stderr.trim() }));
  });
}
