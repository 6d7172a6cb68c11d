import { Emitter } from '../../gateway/base/emitter.ts';
import type { CameraHealth, HealthOverview } from '../../gateway/contract/health.ts';
import type { CameraRecord } from '../../gateway/fleet/camera-record.ts';

const fault = (error: unknown): never => {
  throw error;
};

/** Health that the test sets. */
export class StagedHealth {
  readonly healths = new Map<string, CameraHealth>();
  readonly #updates = new Emitter<CameraHealth>(fault);

  set(camera: CameraRecord, light: CameraHealth['light']): void {
    const at = '2026-11-23T06:00:00.000Z';
    const health: CameraHealth = {
      schema: 1,
      at,
      session: 1,
      cameraId: camera.id,
      projectId: camera.projectId,
      externalProjectId: null,
      name: camera.name,
      light,
      reasons: light === 'red' ? [{ code: 'unreachable', since: at, message: 'does not answer' }] : [],
      since: at,
      network: { reachable: true, rttMs: 1 },
      stream: {
        state: 'idle',
        codec: null,
        width: null,
        height: null,
        fps: null,
        expectedFps: null,
        bitrateKbps: null,
        gopSec: null,
        lastFrameAt: null,
        rtpLost: 0,
        lossPercent: null,
        jitterMs: null,
        reconnects: 0,
      },
      picture: null,
      clockDriftSec: null,
      uptime24h: null,
      uptime30d: null,
      lastSnapshotAt: null,
      missedSnapshots24h: 0,
      layers: {
        network: 'ok',
        onvif: 'ok',
        auth: 'ok',
        rtsp: 'ok',
        frames: 'ok',
        decode: 'ok',
        picture: 'ok',
        records: 'ok',
      },
      probes: { count: 0, bytes: 0 },
    };
    this.healths.set(camera.id, health);
    this.#updates.emit(health);
  }

  health(cameraId: string): CameraHealth | undefined {
    return this.healths.get(cameraId);
  }

  overview(days: number): HealthOverview {
    const items = [...this.healths.values()].map(({ cameraId, light, since }) => ({
      cameraId,
      light,
      since,
      uptime: 1,
      bitrateKbps: null,
      halfHours: 'g'.repeat(48),
      days: Array.from({ length: days }, () => 1),
    }));
    return {
      at: '2026-11-23T06:00:00.000Z',
      days: Array.from({ length: days }, () => '2026-11-23'),
      items,
    };
  }

  history() {
    return Promise.resolve({ changes: [], uptime: 1 });
  }

  onHealth(listener: (health: CameraHealth) => void): () => void {
    return this.#updates.subscribe(listener);
  }
}
