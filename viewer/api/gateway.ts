import type { Camera, CameraCreate } from '../../gateway/contract/camera.ts';
import type { Page } from '../../gateway/contract/common.ts';
import type { DiscoveryJob, DiscoveryRequest } from '../../gateway/contract/discovery.ts';
import type { CameraHealth, HealthOverview } from '../../gateway/contract/health.ts';
import type { Project } from '../../gateway/contract/project.ts';
import type { ShareCreated, ShareTarget } from '../../gateway/contract/share.ts';
import type {
  ChainVerdict,
  Snapshot,
  SnapshotCalendar,
  SnapshotGap,
} from '../../gateway/contract/snapshot.ts';
import type { Timelapse } from '../../gateway/contract/timelapse.ts';
import type { PictureComparison, SnapshotPatch, ThumbSheet } from '../../gateway/contract/timeline.ts';
import type { Session } from '../../gateway/contract/user.ts';
import { request, requestBlob, requestText } from './request.ts';

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

/** Which sheet of thumbnails: a day's page, or a month at an hour. */
export interface SheetWish {
  date: string;
  page?: number;
  hour?: number;
}

/** What a time-lapse is asked for with. */
export interface NewTimelapse {
  cameraId: string;
  from: string;
  to: string;
  everyMin?: number;
  hour?: number;
  fps: number;
  height: number;
}

function sheetPath(cameraId: string, { date, page = 1, hour = 12 }: SheetWish, ending: string): string {
  return `${V1}/cameras/${seg(cameraId)}/snapshots/sheets/${date}${ending}?page=${page}&hour=${hour}`;
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
  healthOverview: () => request<HealthOverview>('GET', `${V1}/health/overview?days=30`),
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

  /** Text of the index (contract `snapshotIndex`) from an instant on. */
  snapshotIndex: (cameraId: string, from: string | null) =>
    requestText(`${V1}/cameras/${seg(cameraId)}/snapshots/index${from === null ? '' : `?from=${from}`}`, {
      deadlineMs: 60_000,
    }),
  sheet: (cameraId: string, wish: SheetWish) => request<ThumbSheet>('GET', sheetPath(cameraId, wish, '')),
  sheetPicture: (cameraId: string, wish: SheetWish, version: string) =>
    requestBlob(`${sheetPath(cameraId, wish, '.webp')}&version=${seg(version)}`),
  annotate: (snapshotId: string, body: SnapshotPatch) =>
    request<Snapshot>('PATCH', `${V1}/snapshots/${seg(snapshotId)}`, { body }),
  compare: (leftId: string, rightId: string) =>
    request<PictureComparison>('GET', `${V1}/snapshots/compare?left=${seg(leftId)}&right=${seg(rightId)}`),
  // Every file of the camera is read and hashed anew.
  verify: (cameraId: string) =>
    request<ChainVerdict>('GET', `${V1}/cameras/${seg(cameraId)}/snapshots/verify`, { deadlineMs: 600_000 }),

  timelapses: async (cameraId: string) =>
    (await request<Page<Timelapse>>('GET', `${V1}/timelapses?cameraId=${seg(cameraId)}&limit=20`)).items,
  startTimelapse: (body: NewTimelapse) => request<{ id: string }>('POST', `${V1}/timelapses`, { body }),
  removeTimelapse: (id: string) => request<void>('DELETE', `${V1}/timelapses/${seg(id)}`),
  share: (target: ShareTarget, expiresAt: string, note: string) =>
    request<ShareCreated>('POST', `${V1}/shares`, {
      body: { target, expiresAt, ...(note !== '' && { note }) },
    }),

  startDiscovery: (body: DiscoveryRequest) => request<{ id: string }>('POST', `${V1}/discovery`, { body }),
  discovery: (id: string) => request<DiscoveryJob>('GET', `${V1}/discovery/${seg(id)}`),
  cancelDiscovery: (id: string) => request<void>('DELETE', `${V1}/discovery/${seg(id)}`),
};

/** Address of a snapshot's picture; `full` is the original bytes. */
export function pictureUrl(snapshotId: string, size: 'full' | 'large' | 'thumb', watermark = false): string {
  return `${V1}/snapshots/${seg(snapshotId)}/image?size=${size}${watermark ? '&watermark=1' : ''}`;
}

/** Address of the evidence bundle (ZIP) of a span of a camera's record. */
export function evidenceUrl(cameraId: string, span: Span): string {
  return `${V1}/cameras/${seg(cameraId)}/snapshots/export.zip?${spanQuery(span)}`;
}
