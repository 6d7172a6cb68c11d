import type { Camera, CameraCreate } from '../../gateway/contract/camera.ts';
import type { Page } from '../../gateway/contract/common.ts';
import type { DiscoveryJob, DiscoveryRequest } from '../../gateway/contract/discovery.ts';
import type { CameraHealth } from '../../gateway/contract/health.ts';
import type { Project } from '../../gateway/contract/project.ts';
import type { Snapshot, SnapshotCalendar, SnapshotGap } from '../../gateway/contract/snapshot.ts';
import type { Session } from '../../gateway/contract/user.ts';
import { request } from './request.ts';

const V1 = '/api/v1';
const seg = encodeURIComponent;

/** Fields of a new project; the gateway fills in the rest. */
export type NewProject = Pick<Project, 'name' | 'district' | 'unit'>;

/** Fields of a new camera, from ONVIF or by hand. */
export type NewCamera = Pick<CameraCreate, 'name' | 'projectId'> & Partial<CameraCreate>;

/** From the first instant to before the second, ms since the epoch. */
export interface Span {
  fromMs: number;
  toMs: number;
}

function spanQuery({ fromMs, toMs }: Span): string {
  return `from=${new Date(fromMs).toISOString()}&to=${new Date(toMs).toISOString()}`;
}

async function all<Item>(path: string): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  const joint = path.includes('?') ? '&' : '?';
  do {
    const query: string = `limit=1000${cursor === null ? '' : `&cursor=${seg(cursor)}`}`;
    const page: Page<Item> = await request<Page<Item>>('GET', `${V1}${path}${joint}${query}`);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** The one client of the gateway's API; every call throws ApiError when it does not succeed. */
export const gateway = {
  whoAmI: () => request<Session>('GET', `${V1}/session`),
  signIn: (username: string, password: string) =>
    request<Session>('POST', `${V1}/session`, { body: { username, password } }),
  signOut: () => request<void>('DELETE', `${V1}/session`),

  projects: () => all<Project>('/projects'),
  createProject: (body: NewProject) => request<Project>('POST', `${V1}/projects`, { body }),

  cameras: () => all<Camera>('/cameras'),
  // The gateway reads the camera before it answers; a slow camera takes its time.
  createCamera: (body: NewCamera) => request<Camera>('POST', `${V1}/cameras`, { body, deadlineMs: 45_000 }),
  health: (cameraId: string) => request<CameraHealth>('GET', `${V1}/cameras/${seg(cameraId)}/health`),

  takeSnapshot: (cameraId: string) =>
    request<Snapshot>('POST', `${V1}/cameras/${seg(cameraId)}/snapshots`, { deadlineMs: 45_000 }),
  snapshots: (cameraId: string, span: Span) =>
    all<Snapshot>(`/cameras/${seg(cameraId)}/snapshots?${spanQuery(span)}&order=asc`),
  gaps: async (cameraId: string, span: Span) => {
    const path = `${V1}/cameras/${seg(cameraId)}/snapshots/gaps?${spanQuery(span)}`;
    return (await request<Page<SnapshotGap>>('GET', path)).items;
  },
  calendar: (cameraId: string, month: string) =>
    request<SnapshotCalendar>('GET', `${V1}/cameras/${seg(cameraId)}/snapshots/calendar?month=${month}`),

  startDiscovery: (body: DiscoveryRequest) => request<{ id: string }>('POST', `${V1}/discovery`, { body }),
  discovery: (id: string) => request<DiscoveryJob>('GET', `${V1}/discovery/${seg(id)}`),
  cancelDiscovery: (id: string) => request<void>('DELETE', `${V1}/discovery/${seg(id)}`),
};

/** Address of a snapshot's picture; `full` is the original bytes. */
export function pictureUrl(snapshotId: string, size: 'full' | 'large' | 'thumb'): string {
  return `${V1}/snapshots/${seg(snapshotId)}/image?size=${size}`;
}
