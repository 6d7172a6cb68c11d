import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { Snapshot, SnapshotGap } from '../../gateway/contract/snapshot.ts';
import { ApiClient, eventually } from '../support/api-client.ts';
import { GatewayProcess } from '../support/gateway-process.ts';
import { GstRtspCamera, gstPictures } from '../support/gst-rtsp-camera.ts';

/** Slots watched; each is a minute long. */
const SLOTS = 5;
const MINUTE_MS = 60_000;

let gateway: GatewayProcess;
let api: ApiClient;
let server: GstRtspCamera;

beforeAll(async () => {
  server = await GstRtspCamera.start(gstPictures.h264, { auth: 'digest' });
  gateway = await GatewayProcess.start({
    http: { port: 0 },
    mqtt: { embedded: { port: 0 } },
    snapshots: { schedule: { everyMin: 1 }, captureTimeoutSec: 5 },
  });
  api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
}, 60_000);

afterAll(async () => {
  await gateway.remove();
  await server.stop();
});

function until(epochMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, epochMs - Date.now()));
  });
}

function slotOf(scheduledFor: string | null, firstMs: number): number {
  return (Date.parse(scheduledFor ?? '') - firstMs) / MINUTE_MS;
}

it(
  'a picture every minute while the camera dies and comes back: pictures and gaps are recorded, none is old',
  async () => {
    const project = await api.must<{ id: string }>('POST', '/api/v1/projects', { name: 'outage' });
    const camera = await api.must<Camera>('POST', '/api/v1/cameras', {
      name: 'dies',
      projectId: project.id,
      rtsp: { main: server.url, username: 'viewer', password: 'gst-pass' },
    });
    const first = Math.ceil((Date.now() + 1000) / MINUTE_MS) * MINUTE_MS;
    // It dies before the third slot and is back within the fourth: that one is saved by a second try.
    await until(first + 2 * MINUTE_MS - 8000);
    await server.stop();
    await until(first + 3 * MINUTE_MS + 20_000);
    server = await GstRtspCamera.start(gstPictures.h264, { auth: 'digest', port: server.port });
    const end = first + SLOTS * MINUTE_MS;
    const range = `from=${new Date(first).toISOString()}&to=${new Date(end).toISOString()}`;
    const snapshots = await eventually('the last slot', 7 * MINUTE_MS, async () => {
      const { items } = await api.get<{ items: Snapshot[] }>(
        `/api/v1/cameras/${camera.id}/snapshots?${range}`,
      );
      return items.some(({ scheduledFor }) => slotOf(scheduledFor, first) === SLOTS - 1) ? items : undefined;
    });
    const gaps = await api.get<{ items: SnapshotGap[] }>(
      `/api/v1/cameras/${camera.id}/snapshots/gaps?${range}`,
    );
    expect(snapshots.map(({ scheduledFor }) => slotOf(scheduledFor, first))).toEqual([0, 1, 3, 4]);
    expect(gaps.items.map(({ scheduledFor, reason }) => [slotOf(scheduledFor, first), reason])).toEqual([
      [2, 'unreachable'],
    ]);
    for (const { takenAt, scheduledFor } of snapshots) {
      const lateMs = Date.parse(takenAt) - Date.parse(scheduledFor ?? '');
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThan(MINUTE_MS);
    }
    expect(new Set(snapshots.map(({ sha256 }) => sha256)).size).toBe(4);
    const verdict = await api.get<{ ok: boolean }>(`/api/v1/cameras/${camera.id}/snapshots/verify`);
    expect(verdict.ok).toBe(true);
  },
  9 * MINUTE_MS,
);
