import { Emitter } from '../../../gateway/base/emitter.ts';
import { systemClock } from '../../../gateway/base/clock.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import type { Page } from '../../../gateway/contract/common.ts';
import type { CameraHealth, LightChange } from '../../../gateway/contract/health.ts';
import type { Snapshot, SnapshotQuery } from '../../../gateway/contract/snapshot.ts';
import type { MilestoneRecord } from '../../../gateway/fleet/project-record.ts';
import { ProjectLights } from '../../../gateway/summaries/project-lights.ts';
import type { TrackerProject } from '../../../gateway/telemetry/payloads.ts';

const fault = (error: unknown) => {
  throw error;
};

interface CameraNews {
  kind: 'added' | 'changed' | 'removed';
  camera: { id: string; projectId: string };
}

/** A project as the fleet keeps it, as far as telemetry looks. */
interface StoredProject {
  id: string;
  externalId: string | null;
  name: string;
  milestones: MilestoneRecord[];
  archivedAtMs: number | null;
}

/** The stages before telemetry, played by the test: cameras, their health, changes and pictures, all in memory. */
export class GatewayParts {
  readonly healths = new Map<string, CameraHealth>();
  readonly changes: { seq: number; change: LightChange }[] = [];
  readonly snapshots: Snapshot[] = [];
  readonly projectRecords: StoredProject[] = [
    { id: 'prj_1', externalId: 'P-1', name: 'Bridge', milestones: [], archivedAtMs: null },
  ];
  readonly tracked: [string, TrackerProject | 'archived'][] = [];
  readonly commanded: string[] = [];
  readonly #health = new Emitter<CameraHealth>(fault);
  readonly #light = new Emitter<LightChange>(fault);
  readonly #taken = new Emitter<Snapshot>(fault);
  readonly #cameras = new Emitter<CameraNews>(fault);
  readonly #projects = new Emitter<{ project: StoredProject }>(fault);

  readonly health = {
    all: () => [...this.healths.values()],
    totals: () => {
      const totals = { total: this.healths.size, green: 0, yellow: 0, red: 0, grey: 0 };
      for (const { light } of this.healths.values()) totals[light] += 1;
      return totals;
    },
    health: (cameraId: string) => this.healths.get(cameraId),
    onHealth: (listener: (health: CameraHealth) => void) => this.#health.subscribe(listener),
    onLightChange: (listener: (change: LightChange) => void) => this.#light.subscribe(listener),
    changesAfter: async (seq: number, limit: number) =>
      this.changes.filter((recorded) => recorded.seq > seq).slice(0, limit),
  };
  readonly snapshotSource = {
    onTaken: (listener: (snapshot: Snapshot) => void) => this.#taken.subscribe(listener),
    list: async (cameraId: string, { from = '', limit, cursor }: SnapshotQuery): Promise<Page<Snapshot>> => {
      const start = Number(cursor ?? 0);
      const all = this.snapshots.filter((one) => one.cameraId === cameraId && one.takenAt >= from);
      const end = start + limit;
      return { items: all.slice(start, end), nextCursor: end < all.length ? String(end) : null };
    },
  };
  readonly cameras = {
    all: () => [...this.healths.values()].map(({ cameraId: id, projectId }) => ({ id, projectId })),
    onChange: (listener: (change: CameraNews) => void) => this.#cameras.subscribe(listener),
  };
  readonly projects = {
    all: () => this.projectRecords,
    get: (id: string) => this.projectRecords.find((project) => project.id === id),
    onChange: (listener: (change: { project: StoredProject }) => void) => this.#projects.subscribe(listener),
  };
  readonly projectLights = new ProjectLights({
    clock: systemClock,
    logger: silentLogger,
    timeZone: 'Asia/Shanghai',
    warnDays: 7,
    projects: this.projects,
    cameras: this.cameras,
    health: this.health,
  });
  readonly tracker = {
    upsertFromTracker: async (externalId: string, body: TrackerProject) => {
      this.tracked.push([externalId, body]);
      return true;
    },
    archiveFromTracker: async (externalId: string) => {
      this.tracked.push([externalId, 'archived']);
      return true;
    },
  };
  readonly commands = {
    snapshot: async (cameraId: string): Promise<unknown> => {
      this.commanded.push(cameraId);
      return { id: 'snp_x' };
    },
    check: async (): Promise<unknown> => {
      throw new Error('broken');
    },
  };

  tellHealth(health: CameraHealth): void {
    this.healths.set(health.cameraId, health);
    this.#health.emit(health);
  }

  tellChange(change: LightChange): void {
    this.changes.push({ seq: this.changes.length + 1, change });
    this.#light.emit(change);
  }

  /** A picture on disk whose news did not come through: the gateway was killed in between. */
  recordSilently(snapshot: Snapshot): void {
    this.snapshots.push(snapshot);
  }

  take(snapshot: Snapshot): void {
    this.snapshots.push(snapshot);
    this.#taken.emit(snapshot);
  }

  removeCamera(id: string): void {
    const projectId = this.healths.get(id)?.projectId ?? '';
    this.healths.delete(id);
    this.#cameras.emit({ kind: 'removed', camera: { id, projectId } });
  }

  changeProjects(): void {
    for (const project of this.projectRecords) this.#projects.emit({ project });
  }
}

export function healthOf(cameraId: string, light: CameraHealth['light'] = 'green'): CameraHealth {
  const at = '2026-11-23T06:00:00.000Z';
  return {
    schema: 1,
    at,
    session: 1,
    cameraId,
    projectId: 'prj_1',
    externalProjectId: 'P-1',
    name: `Camera ${cameraId}`,
    light,
    reasons: light === 'green' ? [] : [{ code: 'unreachable', since: at, message: 'It does not answer.' }],
    since: at,
    network: { reachable: light !== 'red', rttMs: 3 },
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
    uptime24h: 1,
    uptime30d: 1,
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
}

/** The n-th picture of a camera, one a second. */
export function snapshotOf(cameraId: string, n: number): Snapshot {
  return {
    id: `snp_${cameraId}_${n}`,
    cameraId,
    takenAt: new Date(Date.parse('2026-11-23T06:00:00.000Z') + n * 1000).toISOString(),
    scheduledFor: null,
    width: 1920,
    height: 1080,
    bytes: 1000,
    sha256: 'a'.repeat(64),
    chainHash: 'b'.repeat(64),
    prevHash: 'c'.repeat(64),
    source: 'keyframe',
    quality: { luma: 90, sharpness: 12, verdict: 'ok' },
    milestoneId: null,
    note: null,
    picked: false,
  };
}

export function changeOf(cameraId: string, to: LightChange['to']): LightChange {
  return { schema: 1, at: '2026-11-23T06:00:00.000Z', cameraId, from: 'grey', to, reasons: [] };
}
