import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera } from '../../gateway/contract/camera.ts';
import { misbehave } from '../unit/demo-site/running-site.ts';
import { eventually } from '../support/api-client.ts';
import { CuttableLine } from '../support/cuttable-line.ts';
import { SocketViewer } from '../support/socket-viewer.ts';
import { watchedSite } from '../support/watched-site.ts';
import type { WatchedSite } from '../support/watched-site.ts';

/** How often each of camera, network and viewer is killed; 100 where GANTRY_SOAK is set. */
const ROUNDS = Number(process.env['GANTRY_ROUNDS'] ?? (process.env['GANTRY_SOAK'] ? 100 : 5));
/** A round of all three: long enough for the gateway to notice, and to try again. */
const ROUND_MS = 4000;
/** A camera that failed many times in a row is tried again after 36 s at the latest. */
const BACK_WITHIN_MS = 60_000;

let watched: WatchedSite;
let line: CuttableLine;
let behindLine: Camera;
const bystanders: SocketViewer[] = [];

beforeAll(async () => {
  watched = await watchedSite({ siteCameras: 4 });
  const direct = watched.site.cameras[0]?.rtspMain ?? '';
  line = await CuttableLine.start(direct);
  behindLine = await watched.api.must<Camera>('POST', '/api/v1/cameras', {
    name: '断网的机位',
    projectId: watched.cameras[0]?.projectId,
    rtsp: { main: line.url(direct), username: 'admin', password: 'gantry-demo' },
  });
}, 300_000);

afterAll(async () => {
  for (const viewer of bystanders) await viewer.close();
  line.stop();
  await watched.remove();
});

function watch(camera: Camera | undefined): SocketViewer {
  return new SocketViewer(`${watched.api.url}/live/${camera?.id}/main/ws`, watched.token);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

async function framesOf(viewer: SocketViewer, count: number, withinMs = 30_000): Promise<void> {
  const from = viewer.frames;
  await eventually(`${count} frames`, withinMs, () =>
    Promise.resolve(viewer.frames >= from + count ? true : undefined),
  );
}

/** Open descriptors of the gateway, and its child processes. */
async function held(): Promise<{ descriptors: number; children: number }> {
  const { pid } = watched.gateway;
  const descriptors = (await readdir(`/proc/${pid}/fd`)).length;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return { descriptors, children: children.split(' ').filter(Boolean).length };
}

/** A viewer that goes without a word, over WebSocket and in the middle of a blocking HLS request. */
async function killViewers(): Promise<void> {
  const camera = watched.cameras[3];
  const viewer = watch(camera);
  const path = `/live/${camera?.id}/main/stream.m3u8`;
  const gone = new AbortController();
  const text = await watched.api.get<string>(path);
  const next = Number(/PRELOAD-HINT:TYPE=PART,URI="part-(\d+)/.exec(text)?.[1]);
  const waiting = watched.api
    .fetch(`${path}?_HLS_msn=${next + 1}`, { signal: gone.signal })
    .catch(() => undefined);
  await framesOf(viewer, 5);
  viewer.socket.terminate();
  gone.abort();
  await waiting;
}

describe('one dead camera, cable or viewer', () => {
  it(
    `costs the others no frame, and leaves no descriptor and no process, ${ROUNDS} times each`,
    async () => {
      bystanders.push(watch(watched.cameras[3]), watch(watched.cameras[1]));
      const onDeadCamera = watch(watched.cameras[2]);
      const onDeadLine = watch(behindLine);
      for (const viewer of [...bystanders, onDeadCamera, onDeadLine]) await framesOf(viewer, 10);
      await killViewers();
      const before = await held();
      const startMs = Date.now();
      const startFrames = bystanders.map(({ frames }) => frames);
      for (let round = 0; round < ROUNDS; round += 1) {
        await misbehave(watched.site, 2, { fault: round % 2 === 0 ? 'drop' : 'offline', seconds: 1 });
        line.cut();
        await killViewers();
        await pause(Math.max(0, startMs + round * ROUND_MS + 1500 - Date.now()));
        line.mend();
        await pause(Math.max(0, startMs + (round + 1) * ROUND_MS - Date.now()));
      }
      const lastedSec = (Date.now() - startMs) / 1000;
      for (const [index, viewer] of bystanders.entries()) {
        expect(viewer.losses).toEqual([]);
        expect(viewer.hellos).toBe(1);
        const fps = (viewer.frames - (startFrames[index] ?? 0)) / lastedSec;
        expect(fps).toBeGreaterThan(index === 0 ? 19 : 24);
      }
      // Both victims come back by themselves.
      await Promise.all([onDeadCamera, onDeadLine].map((viewer) => framesOf(viewer, 20, BACK_WITHIN_MS)));
      expect(onDeadCamera.hellos).toBeGreaterThan(1);
      expect(onDeadLine.hellos).toBeGreaterThan(1);
      await eventually('descriptors given back', 30_000, async () => {
        const now = await held();
        return now.descriptors <= before.descriptors + 1 && now.children <= before.children ? now : undefined;
      });
      await onDeadCamera.close();
      await onDeadLine.close();
    },
    ROUNDS * ROUND_MS + 180_000,
  );
});
