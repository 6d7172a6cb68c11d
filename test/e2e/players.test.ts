import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/api-client.ts';
import { PlayerProxy } from '../support/player-proxy.ts';
import { watchedSite } from '../support/watched-site.ts';
import type { WatchedSite } from '../support/watched-site.ts';

/** Each player plays this long; a minute where GANTRY_SOAK is set. */
const PLAY_SEC = process.env['GANTRY_SOAK'] ? 60 : 20;
/** The camera with sound; its main stream has this many frames a second. */
const CAMERA = 2;
const FPS = 25;
/** VLC refuses to run as root: it runs as nobody. */
const NOBODY = 65_534;
const SEGMENT_SEC = 2;

interface Played {
  frames: number;
  dropped: number;
  complaints: string[];
  proxy: PlayerProxy;
}

let watched: WatchedSite;
let home: string;
const players = new Map<string, Promise<Played>>();

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'gantry-players-'));
  await chmod(home, 0o777);
  watched = await watchedSite({ siteCameras: 4, cameras: CAMERA + 1 });
  const path = `/live/${watched.cameras[CAMERA]?.id}/main/stream.m3u8`;
  await eventually('four segments', 30_000, async () => {
    const text = await watched.api.get<string>(path);
    return (text.match(/#EXTINF/g)?.length ?? 0) >= 4 ? text : undefined;
  });
  for (const [name, play] of Object.entries({ FFmpeg: ffmpeg, VLC: vlc, GStreamer: gstreamer }))
    players.set(name, play(path));
  await Promise.allSettled(players.values());
}, 300_000);

afterAll(async () => {
  for (const played of await Promise.allSettled(players.values()))
    if (played.status === 'fulfilled') played.value.proxy.close();
  await watched.remove();
  await rm(home, { recursive: true, force: true });
});

describe('players that no one here wrote, on the plain list', () => {
  it.each(['FFmpeg', 'VLC', 'GStreamer'])('%s plays on without an error', async (name) => {
    const played = await players.get(name);
    expect(played?.complaints).toEqual([]);
    expect(played?.proxy.refusals).toEqual([]);
    // A frame or two may be late when the machine is busy; a stream at fault loses them by the second.
    expect(played?.dropped).toBeLessThan(0.02 * PLAY_SEC * FPS);
    // A player needs a moment to start and ends in mid-segment.
    expect(played?.frames).toBeGreaterThan((PLAY_SEC - 4) * FPS);
  });

  // GStreamer goes back three target durations from the end of the parts, and takes the segment there whole.
  it.each([
    ['FFmpeg', 3],
    ['VLC', 3],
    ['GStreamer', 4],
  ])('%s starts at most three segments back, and keeps up', async (name, most) => {
    const behind = (await players.get(name))?.proxy.segments.map((segment) => segment.behind) ?? [];
    expect(behind.length).toBeGreaterThan(PLAY_SEC / 4);
    expect(Math.max(...behind)).toBeLessThanOrEqual(most);
    expect(Math.max(...behind.slice(3))).toBeLessThanOrEqual(3);
  });
});

async function ffmpeg(path: string): Promise<Played> {
  const proxy = await PlayerProxy.start(watched.api.url, watched.token);
  const args = ['-nostdin', '-v', 'warning', '-re', '-i', proxy.url + path, '-t', String(PLAY_SEC)];
  const { out, err } = await run('ffmpeg', [...args, '-progress', '-', '-f', 'null', '-'], PLAY_SEC + 30);
  const frames = Number(Array.from(out.matchAll(/^frame=\s*(\d+)/gm)).at(-1)?.[1] ?? 0);
  const dropped = Number(Array.from(out.matchAll(/^drop_frames=(\d+)/gm)).at(-1)?.[1] ?? 0);
  // It reads the EXT-X-MAP of a live list anew at each reload and remarks on it: no fault of the stream.
  const complaints = err.filter((line) => !/Found duplicated MOOV Atom|Last message repeated/.test(line));
  return { frames, dropped, complaints, proxy };
}

/** VLC does not tell its frames where nothing shows them: those of the segments that it took count, once a picture came out. */
async function vlc(path: string): Promise<Played> {
  const proxy = await PlayerProxy.start(watched.api.url, watched.token);
  const args = ['-I', 'dummy', '--no-color', '--verbose', '2', '--vout', 'dummy', '--aout', 'dummy'];
  const { err } = await run('vlc', [...args, proxy.url + path], PLAY_SEC, {
    uid: NOBODY,
    gid: NOBODY,
    env: { ...process.env, HOME: home },
  });
  const shown = err.some((line) => line.includes('Received first picture'));
  const late = err.filter((line) => /(late video|too late to be displayed)/.test(line));
  const complaints = err.filter((line) => /(mp4|adaptive|avcodec|decoder|http).* error:/.test(line));
  const frames = shown ? proxy.segments.length * SEGMENT_SEC * FPS : 0;
  return { frames, dropped: late.length, complaints, proxy };
}

async function gstreamer(path: string): Promise<Played> {
  const proxy = await PlayerProxy.start(watched.api.url, watched.token);
  const pictures = 'video-sink=fpsdisplaysink text-overlay=false video-sink=fakesink sync=true';
  const { out, err } = await run(
    'gst-launch-1.0',
    ['-v', 'playbin3', `uri=${proxy.url}${path}`, pictures, 'audio-sink=fakesink sync=true'],
    PLAY_SEC,
  );
  const told = Array.from(out.matchAll(/rendered: (\d+), dropped: (\d+)/g)).at(-1);
  const complaints = [...out.split('\n'), ...err].filter((line) => /^(ERROR|WARNING)/.test(line));
  return { frames: Number(told?.[1] ?? 0), dropped: Number(told?.[2] ?? 0), complaints, proxy };
}

/** Runs a program to its end, or for so long. */
function run(
  program: string,
  args: readonly string[],
  mostSec: number,
  options: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<{ out: string; err: string[] }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const timer = setTimeout(() => child.kill('SIGINT'), mostSec * 1000);
    const killer = setTimeout(() => child.kill('SIGKILL'), mostSec * 1000 + 8000);
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      clearTimeout(killer);
      resolve({ out, err: err.split('\n').filter((line) => line.trim() !== '') });
    });
  });
}
