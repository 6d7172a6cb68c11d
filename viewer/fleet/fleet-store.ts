import { computed, signal } from '@preact/signals';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { LiveEvent } from '../../gateway/contract/events.ts';
import type { CameraHealth } from '../../gateway/contract/health.ts';
import type { Project } from '../../gateway/contract/project.ts';
import type { Snapshot, SnapshotGap } from '../../gateway/contract/snapshot.ts';
import { EventsSocket } from '../api/events-socket.ts';
import { gateway } from '../api/gateway.ts';
import { siteNow } from '../format/site-time.ts';
import { standingAlarms, withHealth } from './alarm.ts';
import { isOnline } from './light-shape.ts';
import type { Alarm } from './alarm.ts';

/** Where the loading of the fleet stands; `ready` stays while a later load fails. */
export type FleetState =
  | { state: 'loading' }
  | { state: 'ready'; at: number }
  | { state: 'failed'; error: unknown };

export const fleetState = signal<FleetState>({ state: 'loading' });
export const projects = signal<readonly Project[]>([]);
export const cameras = signal<readonly Camera[]>([]);
/** The last health report of each camera that was asked for or told of. */
export const healthById = signal<ReadonlyMap<string, CameraHealth>>(new Map());
export const alarms = signal<readonly Alarm[]>([]);
/** The newest snapshot that an event told of. */
export const newestSnapshot = signal<Snapshot | null>(null);
/** The newest slot without a picture that an event told of. */
export const newestGap = signal<SnapshotGap | null>(null);

/** The newest word of how far a job of the gateway has come. */
export const newestJob = signal<Extract<LiveEvent, { type: 'job' }>['data'] | null>(null);

export const onlineCount = computed(() => cameras.value.filter((camera) => isOnline(camera.light)).length);

/** As people count: 机位 2 before 机位 10. */
const byName = new Intl.Collator('zh-CN', { numeric: true });

let loading: Promise<void> | null = null;

/** Reads projects and cameras anew; several calls at once share one reading. */
export function loadFleet(): Promise<void> {
  loading ??= readFleet().finally(() => {
    loading = null;
  });
  return loading;
}

async function readFleet(): Promise<void> {
  try {
    const [someProjects, someCameras] = await Promise.all([gateway.projects(), gateway.cameras()]);
    projects.value = someProjects;
    cameras.value = [...someCameras].sort((a, b) => byName.compare(a.name, b.name));
    if (alarms.value.length === 0) alarms.value = standingAlarms(someCameras);
    fleetState.value = { state: 'ready', at: siteNow() };
  } catch (error) {
    if (fleetState.value.state !== 'ready') fleetState.value = { state: 'failed', error };
  }
}

/** Tries again after a failed load, showing the skeleton meanwhile. */
export function reloadFleet(): void {
  if (fleetState.value.state === 'failed') fleetState.value = { state: 'loading' };
  void loadFleet();
}

/** Takes a camera's health into the fleet: its light, reasons and report. */
export function takeHealth(health: CameraHealth): void {
  const before = cameras.value.find((camera) => camera.id === health.cameraId);
  healthById.value = new Map(healthById.value).set(health.cameraId, health);
  if (before === undefined) return void loadFleet();
  if (isToldOf(before, health)) return;
  alarms.value = withHealth(alarms.value, before.light, health);
  cameras.value = cameras.value.map((camera) =>
    camera.id === health.cameraId ? { ...camera, light: health.light, reasons: health.reasons } : camera,
  );
}

/** Most reports bring new figures alone, and leave the camera as every page shows it. */
function isToldOf(camera: Camera, health: CameraHealth): boolean {
  return camera.light === health.light && JSON.stringify(camera.reasons) === JSON.stringify(health.reasons);
}

function takeEvent(event: LiveEvent): void {
  if (event.type === 'health') takeHealth(event.data);
  if (event.type === 'snapshot') takeSnapshot(event.data);
  if (event.type === 'project') takeProject(event.data);
  if (event.type === 'job') newestJob.value = event.data;
}

function takeSnapshot(told: Snapshot | SnapshotGap): void {
  if ('id' in told) newestSnapshot.value = told;
  else newestGap.value = told;
}

function takeProject(project: Project): void {
  const before = projects.value.find((known) => known.id === project.id);
  const rest = projects.value.filter((known) => known.id !== project.id);
  projects.value =
    before === undefined
      ? [...rest, project]
      : projects.value.map((known) => (known === before ? project : known));
  if (before?.cameras.total !== project.cameras.total) void loadFleet();
}

/** The events connection of this page. */
export const events = new EventsSocket(takeEvent, () => void loadFleet());

/** Forgets everything of the user who signed out. */
export function clearFleet(): void {
  projects.value = [];
  cameras.value = [];
  alarms.value = [];
  healthById.value = new Map();
  newestSnapshot.value = null;
  newestGap.value = null;
  fleetState.value = { state: 'loading' };
}
