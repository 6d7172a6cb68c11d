import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstPostersDone } from '../contenders/first-posters-done.ts';
import { startGantry } from '../contenders/gantry.ts';
import type { ReplayProcess } from '../load/replay-process.ts';
import { processTree } from './process-usage.ts';

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
    let busyMs = 0;
    let idleMs = 0;
    // In turns, since the machine may be busier at one time than at another.
    for (let picture = 0; picture < pictures; picture += 1) {
      const startedMs = performance.now();
      const before = await cpuMsOfTree(gateway.pid);
      await take();
      const between = await cpuMsOfTree(gateway.pid);
      await sleep(performance.now() - startedMs);
      busyMs += between - before;
      idleMs += (await cpuMsOfTree(gateway.pid)) - between;
    }
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
  const read = ['-nostdin', '-loglevel', 'error', '-rtsp_transport', 'tcp', '-i', url];
  const write = ['-frames:v', '1', '-q:v', '2', '-f', 'image2pipe', '-vcodec', 'mjpeg', 'pipe:1'];
  const before = await cpuTicks(process.pid);
  for (let picture = 0; picture < pictures; picture += 1) {
    const child = spawn('ffmpeg', [...read, ...write], { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.resume();
    await once(child, 'close');
  }
  const ticks = (await cpuTicks(process.pid)).ended - before.ended;
  return ((ticks / TICKS_PER_SEC) * 1000) / pictures;
}

/**
 * Processor time of all that a process is and was (proc(5)): its own, that of its children alive at any depth, and what
 * those used that have ended.
 */
async function cpuMsOfTree(pid: number): Promise<number> {
  const all = await Promise.all((await processTree(pid)).map((one) => cpuTicks(one)));
  return (all.reduce((sum, { own, ended }) => sum + own + ended, 0) / TICKS_PER_SEC) * 1000;
}

/** utime and stime, cutime and cstime; nothing for a process that is gone. */
async function cpuTicks(pid: number): Promise<{ own: number; ended: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15).map(Number);
  return { own: utime + stime, ended: cutime + cstime };
}
