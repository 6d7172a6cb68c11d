import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { CameraHealth, LightChange, ReasonCode } from '../../gateway/contract/health.ts';
import { ApiClient, eventually } from '../support/api-client.ts';
import { CuttableLine } from '../support/cuttable-line.ts';
import { GatewayProcess } from '../support/gateway-process.ts';
import { misbehave, startSite, stopSite } from '../unit/demo-site/running-site.ts';
import type { RunningSite } from '../unit/demo-site/running-site.ts';

/**
 * How often each fault is made at the demo site. This file runs where GANTRY_SOAK is set, for a round takes minutes; the
 * same bounds are tried with the test's own clock in test/unit/status/fault-bounds.test.ts.
 */
const ROUNDS = Number(process.env['GANTRY_ROUNDS'] ?? 20);
/** How long the healthy, noisy site is watched. */
const QUIET_MIN = Number(process.env['GANTRY_QUIET_MIN'] ?? 12);
const SIGN_IN = { username: 'admin', password: 'gantry-demo' };

let site: RunningSite;
let gateway: GatewayProcess;
let api: ApiClient;
let line: CuttableLine;
const cameras: Camera[] = [];

async function register(name: string, source: object): Promise<Camera> {
  const projectId =
    cameras[0]?.projectId ?? (await api.must<Camera>('POST', '/api/v1/projects', { name })).id;
  const camera = await api.must<Camera>('POST', '/api/v1/cameras', { name, projectId, ...source });
  cameras.push(camera);
  return camera;
}

beforeAll(async () => {
  site = await startSite(join(import.meta.dirname, '../../.cache/demo-site-fast'), 6, ['--no-discovery']);
  gateway = await GatewayProcess.start({
    http: { port: 0 },
    mqtt: { embedded: { port: 0 } },
    ingest: { mode: 'always', transport: 'udp', connectTimeoutSec: 2, noFramesTimeoutSec: 8 },
    status: { probeIntervalSec: 5, clockIntervalSec: 10 },
    snapshots: { schedule: '33 3 1 1 *' },
  });
  api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
  for (const { xaddr, name } of site.cameras) await register(name, { onvif: { xaddr, ...SIGN_IN } });
  const direct = site.cameras[5]?.rtspMain ?? '';
  line = await CuttableLine.start(direct);
  await register('断网的机位', { rtsp: { main: line.url(direct), ...SIGN_IN } });
}, 600_000);

afterAll(async () => {
  line.stop();
  await gateway.remove();
  await stopSite(site);
});

const health = (camera: Camera | undefined) => api.get<CameraHealth>(`/api/v1/cameras/${camera?.id}/health`);

/** Seconds until the camera has the reason, or none at all. */
async function until(
  camera: Camera | undefined,
  wanted: ReasonCode | null,
  withinSec: number,
): Promise<number> {
  const startMs = Date.now();
  await eventually(`${camera?.name}: ${wanted ?? 'well'}`, withinSec * 1000, async () => {
    const codes = (await health(camera)).reasons.map(({ code }) => code);
    const is = wanted === null ? codes.length === 0 : codes.includes(wanted);
    return is ? true : undefined;
  });
  return (Date.now() - startMs) / 1000;
}

interface Fault {
  code: ReasonCode;
  index: number;
  downSec: number;
  upSec: number;
  make(): Promise<unknown> | void;
  mend(): Promise<unknown> | void;
}

const fault = (code: ReasonCode, index: number, order: object, downSec: number, upSec: number): Fault => ({
  code,
  index,
  downSec,
  upSec,
  make: () => misbehave(site, index, { ...order }),
  mend: () => misbehave(site, index, { fault: 'none' }),
});
const picture = (index: number) => api.must('POST', `/api/v1/cameras/${cameras[index]?.id}/snapshots`);
/** A fault of pictures is seen in the next one, and confirmed by the second that the gateway takes. */
const view = (code: ReasonCode, index: number, order: string): Fault => ({
  ...fault(code, index, { fault: order }, 45, 10),
  async make() {
    await misbehave(site, index, { fault: order });
    await new Promise((resolve) => {
      setTimeout(resolve, 3000);
    });
    await picture(index);
  },
  async mend() {
    await misbehave(site, index, { fault: 'none' });
    await new Promise((resolve) => {
      setTimeout(resolve, 3000);
    });
    await picture(index);
  },
});

const signInWith = (password: string) =>
  api.must('PATCH', `/api/v1/cameras/${cameras[6]?.id}`, {
    rtsp: { main: line.url(site.cameras[5]?.rtspMain ?? ''), ...SIGN_IN, password },
  });

/** What happens to each camera, one after the other; the cameras all at once. */
const plans = (): Fault[][] => [
  [fault('unreachable', 0, { fault: 'offline' }, 20, 50), fault('no-frames', 0, { fault: 'silent' }, 20, 50)],
  [fault('low-fps', 1, { fault: 'lowFps' }, 45, 40)],
  [fault('packet-loss', 2, { fault: 'loss', share: 0.02 }, 50, 50)],
  [fault('clock-drift', 3, { fault: 'wrongClock' }, 50, 25)],
  [view('black', 4, 'black'), view('overexposed', 4, 'overexposed')],
  [
    { ...fault('unreachable', 6, {}, 20, 50), make: () => line.cut(), mend: () => line.mend() },
    {
      ...fault('auth-failed', 6, {}, 20, 30),
      make: () => signInWith('not-this-one'),
      mend: () => signInWith(SIGN_IN.password),
    },
  ],
];

describe(`faults at the demo site, ${ROUNDS} times each`, () => {
  it(
    'are told within their bounds, and so is their end',
    async () => {
      const figures: string[] = [];
      await Promise.all(
        plans().map(async (faults) => {
          for (const each of faults) {
            const camera = cameras[each.index];
            const [down, up]: [number[], number[]] = [[], []];
            for (let round = 0; round < ROUNDS; round += 1) {
              await until(camera, null, 90);
              await each.make();
              down.push(await until(camera, each.code, each.downSec));
              await each.mend();
              up.push(await until(camera, null, each.upSec));
            }
            const told = `${each.code}: to it ≤ ${Math.max(...down).toFixed(1)} s, back ≤ ${Math.max(...up).toFixed(1)} s`;
            console.log(told);
            figures.push(told);
          }
        }),
      );
      expect(figures).toHaveLength(9);
    },
    ROUNDS * 220_000 + 120_000,
  );

  it(
    `leave a healthy site alone for ${QUIET_MIN} min, though its connections break now and then`,
    async () => {
      for (let index = 0; index < 6; index += 1) await misbehave(site, index, { fault: 'none' });
      for (const camera of cameras) await until(camera, null, 120);
      const from = new Date().toISOString();
      const endMs = Date.now() + QUIET_MIN * 60_000;
      for (let turn = 0; Date.now() < endMs; turn += 1) {
        await misbehave(site, turn % 6, { fault: turn % 2 === 0 ? 'drop' : 'silent', seconds: 2 });
        await misbehave(site, (turn + 1) % 6, { fault: 'loss', share: 0.002, seconds: 10 });
        await new Promise((resolve) => {
          setTimeout(resolve, 20_000);
        });
      }
      const changes: LightChange[] = [];
      for (const camera of cameras) {
        const path = `/api/v1/cameras/${camera.id}/health/history?from=${from}`;
        changes.push(...(await api.get<{ changes: LightChange[] }>(path)).changes);
      }
      expect(changes).toEqual([]);
    },
    QUIET_MIN * 60_000 + 180_000,
  );
});
