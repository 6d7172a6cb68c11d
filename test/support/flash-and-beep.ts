import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './probe-live.ts';

/** Makes a Matroska file whose picture flashes white for 0.2 s, with a beep, each second; H.264 and G.711 µ-law. */
export async function makeFlashAndBeep(file: string, seconds: number): Promise<void> {
  const flash = "drawbox=t=fill:color=white:enable='lt(mod(t,1),0.2)'";
  const beep = "aevalsrc='if(lt(mod(t,1),0.2),0.5*sin(2*PI*1000*t),0)':s=8000";
  const inputs = [
    '-f',
    'lavfi',
    '-i',
    `color=black:size=320x180:rate=25,${flash}`,
    '-f',
    'lavfi',
    '-i',
    beep,
  ];
  const video = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '25'];
  const rest = ['-pix_fmt', 'yuv420p', '-c:a', 'pcm_mulaw', '-t', String(seconds), file];
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...inputs, ...video, ...rest]);
}

/** How much later than its flash each beep of a live URL is, ms; negative when it is earlier. */
export async function beepsAfterFlashes(url: string, cookie: string, seconds: number): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-sync-'));
  try {
    const file = join(folder, 'live.mkv');
    const input = ['-nostdin', '-v', 'error', '-headers', `Cookie: ${cookie}\r\n`, '-i', url];
    await run('ffmpeg', [...input, '-t', String(seconds), '-c', 'copy', file]);
    const flashes = await onsets(`movie=${file},signalstats`, 'lavfi.signalstats.YAVG', 128);
    const sound = `amovie=${file},asetnsamples=80,astats=metadata=1:reset=1`;
    const beeps = await onsets(sound, 'lavfi.astats.Overall.RMS_level', -30);
    return beeps.flatMap((beep) => {
      const apart = flashes.map((flash) => beep - flash).toSorted((a, b) => Math.abs(a) - Math.abs(b));
      return apart[0] !== undefined && Math.abs(apart[0]) < 0.5 ? [apart[0] * 1000] : [];
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Times, s, at which a measure rises above a level; what is above it from the start does not count. */
async function onsets(graph: string, measure: string, level: number): Promise<number[]> {
  const args = [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    graph,
    '-show_entries',
    `frame=pts_time:frame_tags=${measure}`,
  ];
  const { stdout } = await run('ffprobe', [...args, '-of', 'json']);
  const { frames } = JSON.parse(stdout) as { frames: { pts_time: string; tags?: Record<string, string> }[] };
  const values = frames.map(({ pts_time, tags }) => ({
    at: Number(pts_time),
    value: Number(tags?.[measure]),
  }));
  return values
    .filter(({ value }, index) => index > 0 && value > level && !((values[index - 1]?.value ?? 0) > level))
    .map(({ at }) => at);
}
