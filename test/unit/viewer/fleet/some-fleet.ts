import type { Camera } from '../../../../gateway/contract/camera.ts';
import type { CameraHealth } from '../../../../gateway/contract/health.ts';
import type { Project } from '../../../../gateway/contract/project.ts';

/** A project as the API shows it, with some fields changed. */
export function someProject(id: string, change: Partial<Project> = {}): Project {
  return {
    id,
    externalId: null,
    name: id,
    district: '',
    unit: '',
    leader: '',
    lat: null,
    lon: null,
    stage: '',
    schedule: null,
    light: 'grey',
    lightReasons: [],
    cameras: { total: 0, online: 0 },
    milestones: [],
    archivedAt: null,
    ...change,
  };
}

/** A camera as the API shows it, with some fields changed. */
export function someCamera(id: string, projectId: string, change: Partial<Camera> = {}): Camera {
  return {
    id,
    name: id,
    projectId,
    position: '',
    enabled: true,
    maintenanceUntil: null,
    ingestMode: null,
    schedule: null,
    onvif: null,
    rtsp: { main: 'rtsp://192.168.10.64/1', sub: null, username: '', hasPassword: false },
    vendor: null,
    model: null,
    firmware: null,
    serial: null,
    mac: null,
    main: null,
    sub: null,
    light: 'green',
    reasons: [],
    createdAt: '2026-11-01T00:00:00.000Z',
    ...change,
  };
}

/** A health report, with some fields changed. */
export function someHealth(cameraId: string, change: Partial<CameraHealth> = {}): CameraHealth {
  return {
    schema: 1,
    at: '2026-11-23T06:00:00.000Z',
    session: 1,
    cameraId,
    projectId: 'p1',
    externalProjectId: null,
    name: cameraId,
    light: 'green',
    reasons: [],
    since: '2026-11-23T06:00:00.000Z',
    network: { reachable: true, rttMs: 3 },
    stream: {
      state: 'running',
      codec: 'h264',
      width: 1920,
      height: 1080,
      fps: 25,
      expectedFps: 25,
      bitrateKbps: 4000,
      gopSec: 2,
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
    ...change,
  };
}
