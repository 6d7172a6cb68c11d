import { WebSocket } from 'ws';
import type { ApiClient } from '../../support/api-client.ts';
import { clipFacts } from '../load/bench-clip.ts';
import { capturedAtMs, frameAt } from '../load/replay-schedule.ts';
import type { CameraPhase } from '../load/replay-schedule.ts';

/** Time from the request for the playlist to the first bytes of a picture over HLS: the newest listed part or segment. */
export async function firstHlsPictureMs(api: ApiClient, cameraId: string): Promise<number> {
  const startedMs = performance.now();
  const base = `/live/${cameraId}/main/`;
  const list = await (await mustFetch(api, `${base}stream.m3u8`)).text();
  const file = list.match(/^seg-\d+\.m4s$/gm)?.at(-1);
  const init = /URI="(init-\d+\.mp4)"/.exec(list)?.[1];
  if (file === undefined || init === undefined) throw new Error(`the first playlist lists nothing:\n${list}`);
  await (await mustFetch(api, base + init)).arrayBuffer();
  const picture = await mustFetch(api, base + file);
  await picture.body?.getReader().read();
  return performance.now() - startedMs;
}

/** Time from the opening of the WebSocket to the first fragment: the message behind hello and init segment. */
export function firstWsPictureMs(api: ApiClient, cameraId: string): Promise<number> {
  const startedMs = performance.now();
  const address = `${api.url.replace(/^http/, 'ws')}/live/${cameraId}/main/ws`;
  const socket = new WebSocket(address, { headers: { cookie: api.cookie, origin: api.url } });
  let binaries = 0;
  return new Promise((resolve, reject) => {
    socket.on('message', (_data, isBinary) => {
      if (isBinary) binaries += 1;
      if (binaries < 2) return;
      resolve(performance.now() - startedMs);
      socket.terminate();
    });
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`closed with ${code} before a picture came`)));
  });
}

/** How long a camera takes from now to its next key frame. */
export function nextKeyFrameInMs(nowMs: number, phase: CameraPhase): number {
  const { gopFrames } = clipFacts;
  const key = Math.ceil((frameAt(nowMs, phase) + 1) / gopFrames) * gopFrames;
  return capturedAtMs(key, phase) - nowMs;
}

async function mustFetch(api: ApiClient, path: string): Promise<Response> {
  const response = await api.fetch(path);
  if (response.status !== 200) throw new Error(`${path} was answered ${response.status}`);
  return response;
}
