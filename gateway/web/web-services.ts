import type { Unsubscribe } from '../base/emitter.ts';
import type { CameraCheck, CameraCheckRequest, CameraCreate, CameraPatch } from '../contract/camera.ts';
import type { ImportProgress, ImportResult } from '../contract/camera-import.ts';
import type { ClockSet, PtzOrder, PtzState } from '../contract/camera-control.ts';
import type { Page } from '../contract/common.ts';
import type { CredentialSetCreate, CredentialSetPatch } from '../contract/credential-set.ts';
import type { DiscoveryJob, DiscoveryRequest } from '../contract/discovery.ts';
import type { EvidenceDay, EvidenceDayProof, RecordVerdict } from '../contract/evidence.ts';
import type { CameraHealth, HealthOverview, LightChange } from '../contract/health.ts';
import type { Rendition } from '../contract/live.ts';
import type { Project, ProjectCreate, ProjectPatch } from '../contract/project.ts';
import type { Timelapse, TimelapseCreate } from '../contract/timelapse.ts';
import type {
  ChainVerdict,
  ImageQuery,
  Snapshot,
  SnapshotCalendar,
  SnapshotGap,
  SnapshotQuery,
} from '../contract/snapshot.ts';
import type { CredentialSetRecord } from '../fleet/credential-sets.ts';
import type { ViewReference } from '../contract/reference.ts';
import type { IndexQuery, PictureComparison, SnapshotPatch, ThumbSheet } from '../contract/timeline.ts';
import type { CameraChange, CameraRecord } from '../fleet/camera-record.ts';
import type { ProjectChange, ProjectRecord } from '../fleet/project-record.ts';
import type { ProjectLight } from '../summaries/project-light.ts';
import type { MetricsSource } from './web-metrics.ts';
import type { WebWarnings } from './web-warnings.ts';

/** What a list asks for; `projectIds` null means all. */
export interface ListFilter {
  projectIds: readonly string[] | null;
  limit: number;
  cursor?: string;
}

/** What the web needs of the fleet's cameras. */
export interface WebCameras {
  list(filter: ListFilter & { projectId?: string }): Promise<Page<CameraRecord>>;
  get(id: string): CameraRecord | undefined;
  all(): readonly CameraRecord[];
  create(body: CameraCreate): Promise<CameraRecord>;
  patch(id: string, body: CameraPatch): Promise<CameraRecord>;
  remove(id: string): Promise<unknown>;
  onChange(listener: (change: CameraChange) => void): Unsubscribe;
}

/** What the web needs of the fleet's projects. */
export interface WebProjects {
  list(filter: ListFilter & { archived?: boolean }): Promise<Page<ProjectRecord>>;
  get(id: string): ProjectRecord | undefined;
  create(body: ProjectCreate): Promise<ProjectRecord>;
  patch(id: string, body: ProjectPatch): Promise<ProjectRecord>;
  remove(id: string): Promise<void>;
  onChange(listener: (change: ProjectChange) => void): Unsubscribe;
}

/** How projects stand, and news of it: also of any other change of a project. */
export interface WebProjectLights {
  lightOf(project: ProjectRecord): ProjectLight;
  onChange(listener: (projectId: string) => void): Unsubscribe;
}

/** Composes a project's wire form: its light, its reasons, its cameras counted. */
export interface ProjectViews {
  view(record: ProjectRecord): Project;
}

/** What the web needs of the named sign-ins. */
export interface WebCredentialSets {
  list(page: { limit: number; cursor?: string }): Promise<Page<CredentialSetRecord>>;
  create(body: CredentialSetCreate): Promise<CredentialSetRecord>;
  patch(id: string, body: CredentialSetPatch): Promise<CredentialSetRecord>;
  remove(id: string): Promise<void>;
}

/** What people may have a camera do. */
export interface WebCameraControl {
  ptz(cameraId: string): Promise<PtzState>;
  move(cameraId: string, order: PtzOrder): Promise<void>;
  setClock(cameraId: string): Promise<ClockSet>;
  acceptCertificate(cameraId: string, sha256: string): Promise<void>;
}

/** Tells of cameras that were followed to a new address. */
export interface WebMoves {
  onMoved(listener: (move: { camera: CameraRecord; from: string }) => void): Unsubscribe;
}

/** What an import is asked to do, and for whom. */
export interface RosterOrder {
  file: Buffer;
  dryRun: boolean;
  partial: boolean;
  projectIds: readonly string[] | null;
  /** Id of the principal who hears of its progress. */
  ownerId: string;
  jobId?: string | undefined;
}

/** What the web needs of cameras in spreadsheets; `sees` tells which projects the caller may see. */
export interface WebRosters {
  import(order: RosterOrder): Promise<ImportResult>;
  export(sees: (projectId: string) => boolean): Promise<Uint8Array>;
  template(sees: (projectId: string) => boolean): Promise<Uint8Array>;
  onProgress(listener: (told: { ownerId: string; progress: ImportProgress }) => void): Unsubscribe;
}

/** Connects to a camera now and tells how far it came. */
export interface CameraChecks {
  check(cameraId: string): Promise<CameraCheck>;
  /** The same for a camera that nobody has registered. */
  checkDraft(body: CameraCheckRequest): Promise<CameraCheck>;
}

/** What the web needs of discovery. */
export interface WebDiscovery {
  start(request: DiscoveryRequest): string;
  get(id: string): DiscoveryJob | undefined;
  cancel(id: string): boolean;
  onUpdate(listener: (job: DiscoveryJob) => void): Unsubscribe;
}

/** Small pictures of found devices; null when there is none. */
export interface WebPreviews {
  preview(searchId: string, number: number): Promise<Buffer | null>;
}

/** What the web needs of the pictures that views are held against. */
export interface WebReferences {
  get(cameraId: string): Promise<ViewReference>;
  confirm(cameraId: string, snapshotId: string): Promise<ViewReference>;
  forget(cameraId: string): Promise<void>;
}

/** What the web needs of the record of pictures. */
export interface WebSnapshots {
  readonly references: WebReferences;
  takeNow(cameraId: string): Promise<Snapshot>;
  list(cameraId: string, query: SnapshotQuery): Promise<Page<Snapshot>>;
  get(id: string): Promise<Snapshot | undefined>;
  image(id: string, query: ImageQuery, accept: string): Promise<{ bytes: Buffer; contentType: string }>;
  calendar(cameraId: string, month: string): Promise<SnapshotCalendar>;
  gaps(cameraId: string, fromMs: number, toMs: number): Promise<SnapshotGap[]>;
  verify(cameraId: string): Promise<ChainVerdict>;
  poster(cameraId: string): Promise<{ jpeg: Buffer; takenAtMs: number } | undefined>;
  eraseRecords(cameraId: string): Promise<void>;
  onTaken(listener: (snapshot: Snapshot) => void): Unsubscribe;
  onGap(listener: (gap: SnapshotGap) => void): Unsubscribe;
}

/** A sheet of thumbnails: of a day, or of a month with one picture a day nearest to `hour`. */
export interface SheetWish {
  cameraId: string;
  date: string;
  page: number;
  hour: number;
}

/** What the web needs of the record as the timeline shows it. */
export interface WebTimeline {
  /** JSON text of the index. */
  index(cameraId: string, query: IndexQuery): Promise<Buffer>;
  sheet(wish: SheetWish): Promise<ThumbSheet>;
  sheetPicture(wish: SheetWish): Promise<{ bytes: Buffer; version: string }>;
  annotate(id: string, patch: SnapshotPatch): Promise<Snapshot>;
  compare(leftId: string, rightId: string): Promise<PictureComparison>;
  onChanged(listener: (snapshot: Snapshot) => void): Unsubscribe;
}

/** What the web needs of time-lapses; `cameraIds` null means all. */
export interface WebTimelapses {
  create(body: TimelapseCreate): Promise<string>;
  get(id: string): Promise<Timelapse | undefined>;
  list(cameraIds: readonly string[] | null, limit: number, cursor?: string): Promise<Page<Timelapse>>;
  remove(id: string): Promise<void>;
  eraseOf(cameraId: string): Promise<void>;
  video(
    id: string,
  ): Promise<{ byteLength: number; read(start: number, end: number): AsyncIterable<Uint8Array> } | undefined>;
  onUpdate(listener: (timelapse: Timelapse) => void): Unsubscribe;
}

/** What the web needs of the record's proofs. */
export interface WebEvidence {
  readonly publicKey: string;
  verifyAll(): Promise<RecordVerdict>;
  days(): Promise<EvidenceDay[]>;
  day(date: string, mayShow: (cameraId: string) => boolean): Promise<EvidenceDayProof | undefined>;
  export(subject: {
    cameraId: string;
    cameraName: string;
    projectName: string;
    fromMs: number;
    toMs: number;
  }): Promise<AsyncIterable<Uint8Array>>;
}

/** What the web needs of the health of cameras. */
export interface WebHealth {
  health(cameraId: string): CameraHealth | undefined;
  history(
    cameraId: string,
    fromMs: number,
    toMs: number,
  ): Promise<{ changes: LightChange[]; uptime: number | null }>;
  /** The bars of all cameras for some days (1 … 30). */
  overview(days: number): HealthOverview;
  onHealth(listener: (health: CameraHealth) => void): Unsubscribe;
}

/** Someone who watches over a WebSocket, as packaging sees them. */
export interface SocketViewer {
  text(json: string): void;
  /** One message made of the chunks in order; they are sent as they are, not copied; `onTaken` when they were. */
  binary(chunks: readonly Buffer[], onTaken?: () => void): void;
  bufferedBytes(): number;
  close(code: number, reason: string): void;
}

/** What the web needs of packaging. */
export interface WebLive {
  multivariant(cameraId: string): Promise<string>;
  playlist(
    cameraId: string,
    rendition: Rendition,
    query: { msn?: number; part?: number; skip?: boolean },
  ): Promise<string>;
  file(
    cameraId: string,
    rendition: Rendition,
    name: string,
  ): Promise<{
    contentType: string;
    chunks: readonly Buffer[];
    byteLength: number;
    maxAgeSec: number;
    release: () => void;
  }>;
  open(cameraId: string, rendition: Rendition, viewer: SocketViewer): { close(): void };
}

/** Tells whether the gateway can do its work; plain reasons without paths or secrets, empty when ready. */
export interface Readiness {
  reasons(): Promise<string[]> | string[];
}

/** All neighbours of the web stage. */
export interface WebServices {
  cameras: WebCameras;
  control: WebCameraControl;
  credentialSets: WebCredentialSets;
  rosters: WebRosters;
  moves: WebMoves;
  projects: WebProjects;
  projectLights: WebProjectLights;
  checks: CameraChecks;
  discovery: WebDiscovery;
  previews: WebPreviews;
  snapshots: WebSnapshots;
  timeline: WebTimeline;
  timelapses: WebTimelapses;
  evidence: WebEvidence;
  health: WebHealth;
  live: WebLive;
  warnings: WebWarnings;
  readiness: Readiness;
  /** Figures of the other stages for GET /metrics. */
  metrics?: MetricsSource;
}
