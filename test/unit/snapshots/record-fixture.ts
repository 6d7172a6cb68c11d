import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { systemClock } from '../../../gateway/base/clock.ts';
import { openDatabase } from '../../../gateway/base/database.ts';
import type { Database } from '../../../gateway/base/database.ts';
import { Emitter } from '../../../gateway/base/emitter.ts';
import { FileBlobs } from '../../../gateway/base/file-blobs.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import type { SnapshotSchedule } from '../../../gateway/contract/schedule.ts';
import type { Snapshot, SnapshotGap } from '../../../gateway/contract/snapshot.ts';
import { findFfmpeg } from '../../../gateway/ffmpeg/find-ffmpeg.ts';
import { KeyFrameDecoder } from '../../../gateway/ffmpeg/key-frame-decoder.ts';
import type { Sample, VideoTrack } from '../../../gateway/ingest/media.ts';
import type { CameraStills } from '../../../gateway/snapshots/capture.ts';
import type { DiskGuard } from '../../../gateway/snapshots/disk-guard.ts';
import { EvidenceKey } from '../../../gateway/snapshots/evidence/evidence-key.ts';
import type { SnapshotCamera, SnapshotCameras } from '../../../gateway/snapshots/snapshot-cameras.ts';
import { SnapshotService } from '../../../gateway/snapshots/snapshot-service.ts';
import { migrations } from '../../../gateway/snapshots/snapshots-migrations.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { madeKeyFrame } from '../../support/made-key-frame.ts';
import { SampleFeeds } from '../../support/sample-feeds.ts';

/** The scheduler's longest pause between tries, with its jitter. */
const LONGEST_PAUSE_MS = 37_000;

/** A fleet that the test changes by hand. */
export class HandFleet implements SnapshotCameras {
  readonly #cameras = new Map<string, SnapshotCamera>();
  readonly #changes = new Emitter<{ kind: 'added' | 'changed' | 'removed'; camera: SnapshotCamera }>(
    (error) => {
      throw error;
    },
  );

  get(id: string): SnapshotCamera | undefined {
    return this.#cameras.get(id);
  }

  all(): SnapshotCamera[] {
    return [...this.#cameras.values()];
  }

  onChange(listener: Parameters<SnapshotCameras['onChange']>[0]): () => void {
    return this.#changes.subscribe(listener);
  }

  set(camera: Partial<SnapshotCamera> & { id: string }): void {
    const known = this.#cameras.get(camera.id);
    const whole = {
      name: 'Gate',
      position: 'north gate',
      projectId: 'prj_1',
      schedule: null,
      place: null,
      enabled: true,
      maintenanceUntilMs: null,
      createdAtMs: 0,
      ...known,
      ...camera,
    };
    this.#cameras.set(camera.id, whole);
    this.#changes.emit({ kind: known ? 'changed' : 'added', camera: whole });
  }

  remove(id: string): void {
    const camera = this.#cameras.get(id);
    this.#cameras.delete(id);
    if (camera) this.#changes.emit({ kind: 'removed', camera });
  }
}

let shared: { track: VideoTrack; sample: Sample } | undefined;

/** The one whole key frame most tests send, made once a file. */
export function wholeFrame(): { track: VideoTrack; sample: Sample } {
  shared ??= madeKeyFrame({ width: 320, height: 192, slices: 4 });
  return shared;
}

/** A record on disk with a fake clock, hand-made feeds and the real FFmpeg; `restart` opens the same files anew. */
export class RecordFixture {
  readonly clock: FakeClock;
  readonly cameras = new HandFleet();
  readonly taken: Snapshot[] = [];
  readonly gaps: SnapshotGap[] = [];
  readonly blobs: FileBlobs;
  readonly key = EvidenceKey.generate();
  /** The cameras' own stills; none unless the test gives them (before `restart`). */
  stills: CameraStills | undefined;
  retention = { allDays: 3650 };
  /** Watched for room; none unless the test gives it (before `restart`). */
  disk: DiskGuard | undefined;
  feeds = new SampleFeeds();
  service: SnapshotService;
  database: Database;
  readonly folder: string;
  readonly #schedule: SnapshotSchedule;
  readonly #decoder = new KeyFrameDecoder({
    clock: systemClock,
    program: () => findFfmpeg(),
    maxConcurrent: 2,
  });

  private constructor(folder: string, schedule: SnapshotSchedule, nowIso: string) {
    this.folder = folder;
    this.#schedule = schedule;
    this.clock = new FakeClock(nowIso);
    this.blobs = new FileBlobs(join(folder, 'pictures'));
    this.database = openDatabase(`sqlite:${join(folder, 'gantry.db')}`);
    this.service = this.#newService();
  }

  static async open(
    options: { schedule?: SnapshotSchedule; now?: string; cameras?: string[]; folder?: string } = {},
  ): Promise<RecordFixture> {
    const { schedule = everyMinutes(10), now = '2026-11-23T02:00:30.000Z', cameras = ['cam_a'] } = options;
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'gantry-record-')));
    const fixture = new RecordFixture(folder, schedule, now);
    await migrate(fixture.database, migrations);
    for (const id of cameras) fixture.cameras.set({ id, createdAtMs: fixture.clock.now() });
    await fixture.service.start();
    return fixture;
  }

  async close(): Promise<void> {
    await this.service.stop();
    await this.database.destroy();
    await rm(this.folder, { recursive: true });
  }

  /** Stops, lets `offMs` pass, and starts on the same files. */
  async restart(offMs = 0): Promise<void> {
    await this.service.stop();
    await this.database.destroy();
    this.clock.advanceNow(offMs);
    this.database = openDatabase(`sqlite:${join(this.folder, 'gantry.db')}`);
    this.feeds = new SampleFeeds();
    this.service = this.#newService();
    await this.service.start();
  }

  /** The camera's stream runs from now on. */
  connect(cameraId = 'cam_a', frame = wholeFrame()): void {
    this.feeds.tracks(cameraId, 'main', { epoch: 1, video: frame.track, audio: null });
  }

  /** A key frame arrives now, or at the time given. */
  frame(cameraId = 'cam_a', sample = wholeFrame().sample, receivedAtMs = this.clock.now()): void {
    this.feeds.sample(cameraId, 'main', { ...sample, receivedAtMs, capturedAtMs: receivedAtMs });
  }

  nextTaken(): Promise<Snapshot> {
    return new Promise((resolve) => {
      const end = this.service.onTaken((snapshot) => {
        end();
        resolve(snapshot);
      });
    });
  }

  /** A key frame arrives; the picture that the schedule takes of it, at its next try at the latest. */
  async scheduledPicture(cameraId = 'cam_a'): Promise<Snapshot> {
    const taken = this.nextTaken();
    this.frame(cameraId);
    await this.clock.advance(LONGEST_PAUSE_MS);
    return taken;
  }

  /** A picture taken outside the schedule. */
  async take(cameraId = 'cam_a'): Promise<Snapshot> {
    const taking = this.service.takeNow(cameraId);
    this.frame(cameraId);
    return taking;
  }

  async run(statement: string): Promise<void> {
    await sql.raw(statement).execute(this.database);
  }

  #newService(): SnapshotService {
    const service = new SnapshotService({
      clock: this.clock,
      logger: silentLogger,
      database: this.database,
      blobs: this.blobs,
      feeds: this.feeds,
      decoder: this.#decoder,
      cameras: this.cameras,
      projectName: () => '滨江大桥',
      evidenceKey: this.key,
      gatewayId: 'gantry-1',
      stills: this.stills,
      disk: this.disk,
      config: {
        schedule: this.#schedule,
        timeZone: 'Asia/Shanghai',
        captureTimeoutSec: 20,
        retention: this.retention,
      },
    });
    service.onTaken((snapshot) => this.taken.push(snapshot));
    service.onGap((gap) => this.gaps.push(gap));
    return service;
  }
}

/** A schedule for all hours of all days. */
export function everyMinutes(everyMin: number): SnapshotSchedule {
  return { everyMin, from: '00:00', to: '00:00', weekdays: [1, 2, 3, 4, 5, 6, 7] };
}
