import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstPostersDone } from '../contenders/first-posters-done.ts';
import { startGantry } from '../contenders/gantry.ts';
import type { ReplayProcess } from '../load/replay-process.ts';

/** Processor time of one picture while the stream runs anyway, ms. */
export interface CaptureCost {
  pictures: number;
  gantryMs: number;
  ffmpegMs: number;
  ratio: number;
}

/** Slots of many cameras that are pulled for their pictures alone. */
export interface SlotKeeping {
  cameras: number;
  slots: number;
  taken: number;
  missed: number;
}

/** USER_HZ, the same on all architectures that Node runs on. */
const TICKS_PER_SEC = 100;
const INTERVAL_MIN = 10;

/** What a picture costs the gateway (its children included, the running stream taken off) and `ffmpeg -frames:v 1`. */
export async function captureCost(load: ReplayProcess, pictures: number): Promise<CaptureCost> {
  const url = load.url(0);
  const running = await startGantry([url], 'always');
  try {
    const { api, gateway, cameraIds } = running;
    const [cameraId] = cameraIds;
    const take = (): Promise<unknown> => api.must('POST', `/api/v1/cameras/${cameraId}/snapshots`);
    await running.watched();
    await firstPostersDone(gateway.pid);
    for (let warm = 0; warm < 3; warm += 1) await take();
    const startedMs = performance.now();
    const before = await cpuMsWithChildren(gateway.pid);
    for (let picture = 0; picture < pictures; picture += 1) await take();
    const busyMs = (await cpuMsWithChildren(gateway.pid)) - before;
    const tookMs = performance.now() - startedMs;
    const idleBefore = await cpuMsWithChildren(gateway.pid);
    await sleep(tookMs);
    const idleMs = (await cpuMsWithChildren(gateway.pid)) - idleBefore;
    const gantryMs = (busyMs - idleMs) / pictures;
    const ffmpegMs = await ffmpegCpuMs(url, pictures);
    return { pictures, gantryMs, ffmpegMs, ratio: gantryMs / ffmpegMs };
  } finally {
    await running.stop();
  }
}

/** `cameras` on a schedule of ten minutes for `slots` slots; nothing else pulls their streams. */
export async function slotKeeping(load: ReplayProcess, cameras: number, slots: number): Promise<SlotKeeping> {
  const urls = Array.from({ length: cameras }, (_, index) => load.url(index));
  const running = await startGantry(urls, 'onDemand', 0);
  try {
    const { api, cameraIds } = running;
    const [first] = cameraIds;
    const { projectId } = await api.get<{ projectId: string }>(`/api/v1/cameras/${first}`);
    await api.must('PATCH', `/api/v1/projects/${projectId}`, { schedule: { everyMin: INTERVAL_MIN } });
    const intervalMs = INTERVAL_MIN * 60_000;
    const nextSlotMs = Math.ceil(Date.now() / intervalMs) * intervalMs;
    // Until the next slot but the last has its window closed.
    await sleep(nextSlotMs + slots * intervalMs - Date.now());
    let taken = 0;
    let missed = 0;
    const span = `from=${new Date(nextSlotMs).toISOString()}&to=${new Date(nextSlotMs + slots * intervalMs - 1).toISOString()}`;
    for (const id of cameraIds) {
      const path = `/api/v1/cameras/${id}/snapshots`;
      const { items } = await api.get<{ items: { scheduledFor: string | null }[] }>(`${path}?${span}`);
      taken += items.filter(({ scheduledFor }) => scheduledFor !== null).length;
      missed += (await api.get<{ items: unknown[] }>(`${path}/gaps?${span}`)).items.length;
    }
    return { cameras, slots, taken, missed };
  } finally {
    await running.stop();
  }
}

async function ffmpegCpuMs(url: string, pictures: number): Promise<number> {
  const before = await cpuMsWithChildren(process.pid, 'children');
  for (let picture = 0; picture < pictures; picture += 1) {
    const child = spawn(
      'ffmpeg',
      ['-nostdin', '-loglevel', 'error', '-rtsp_transport', 'tcp', '-i', url].concat([
        '-frames:v',
        '1',
        '-q:v',
        '2',
        '-f',
        'image2pipe',
        '-vcodec',
        'mjpeg',
        'pipe:1',
      ]),
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    child.stdout.resume();
    await once(child, 'close');
  }
  return ((await cpuMsWithChildren(process.pid, 'children')) - before) / pictures;
}

/** Processor time of a process and of its children that have ended (utime, stime, cutime, cstime of proc(5)). */
async function cpuMsWithChildren(pid: number, of: 'all' | 'children' = 'all'): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15);
  const ticks = cutime + cstime + (of === 'all' ? utime + stime : 0);
  return (ticks / TICKS_PER_SEC) * 1000;
}
