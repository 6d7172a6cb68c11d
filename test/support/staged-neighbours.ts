import type { EvidenceDay, EvidenceDayProof } from '../../gateway/contract/evidence.ts';
import { EvidenceKey } from '../../gateway/snapshots/evidence/evidence-key.ts';
import { Emitter } from '../../gateway/base/emitter.ts';
import { GatewayError } from '../../gateway/base/gateway-error.ts';
import { newId } from '../../gateway/base/new-id.ts';
import type { DiscoveryJob, DiscoveryRequest } from '../../gateway/contract/discovery.ts';
import type { LightChange } from '../../gateway/contract/health.ts';
import type { Snapshot, SnapshotGap } from '../../gateway/contract/snapshot.ts';
import type { OnvifFailure } from '../../gateway/discovery/onvif-reading.ts';
import type { DeviceControl } from '../../gateway/fleet/camera-control.ts';
import type { CameraDevice } from '../../gateway/fleet/camera-devices.ts';
import type { ViewReference } from '../../gateway/contract/reference.ts';
import type { PictureComparison, ThumbSheet } from '../../gateway/contract/timeline.ts';
import type { Timelapse, TimelapseCreate } from '../../gateway/contract/timelapse.ts';
import type { CameraRecord } from '../../gateway/fleet/camera-record.ts';
import type { SocketViewer } from '../../gateway/web/web-services.ts';

const fault = (error: unknown): void => {
  throw error;
};

/** Discovery that finds what the test says, when it says so. */
export class StagedDiscovery {
  readonly jobs = new Map<string, DiscoveryJob>();
  readonly requests: DiscoveryRequest[] = [];
  readonly #updates = new Emitter<DiscoveryJob>(fault);

  start(request: DiscoveryRequest): string {
    const id = newId('dsc');
    this.requests.push(request);
    this.jobs.set(id, {
      id,
      state: 'running',
      progress: { done: 0, total: 1 },
      devices: [],
      error: null,
    });
    return id;
  }

  get(id: string): DiscoveryJob | undefined {
    return this.jobs.get(id);
  }

  cancel(id: string): boolean {
    return this.jobs.delete(id);
  }

  preview(id: string, number: number): Promise<Buffer | null> {
    const isThere = this.jobs.has(id) && number === 0;
    return Promise.resolve(isThere ? Buffer.from([0xff, 0xd8, 0xff, 0xd9]) : null);
  }

  onUpdate(listener: (job: DiscoveryJob) => void): () => void {
    return this.#updates.subscribe(listener);
  }

  update(id: string): void {
    const job = this.jobs.get(id);
    if (job) this.#updates.emit(job);
  }
}

/** Moves that the test tells of. */
export class StagedMoves {
  readonly #moves = new Emitter<{ camera: CameraRecord; from: string }>(fault);

  onMoved(listener: (move: { camera: CameraRecord; from: string }) => void): () => void {
    return this.#moves.subscribe(listener);
  }

  tell(move: { camera: CameraRecord; from: string }): void {
    this.#moves.emit(move);
  }
}

/** Motors and clocks that do as the test says. */
export class StagedControl implements DeviceControl {
  readonly orders: unknown[] = [];
  failure: { ok: false; failure: OnvifFailure | 'not-supported'; message: string } | undefined;

  ptzCapabilities() {
    return Promise.resolve(
      this.failure ?? { ok: true as const, supported: true, presets: [{ token: 'p1', name: 'gate' }] },
    );
  }

  nudge(_device: CameraDevice, move: object) {
    this.orders.push(move);
    return Promise.resolve(this.failure ?? { ok: true as const });
  }

  gotoPreset(_device: CameraDevice, preset: string) {
    this.orders.push(preset);
    return Promise.resolve(this.failure ?? { ok: true as const });
  }

  setClock() {
    return Promise.resolve(this.failure ?? { ok: true as const, clockDriftSec: 0.4, ntpEnded: false });
  }
}

/** References held in memory. */
class StagedReferences {
  readonly #confirmed = new Map<string, string>();

  get(cameraId: string): Promise<ViewReference> {
    const snapshotId = this.#confirmed.get(cameraId) ?? null;
    return Promise.resolve({
      cameraId,
      confirmed: snapshotId !== null,
      snapshotId,
      takenAt: null,
      learnt: 0,
    });
  }

  confirm(cameraId: string, snapshotId: string): Promise<ViewReference> {
    this.#confirmed.set(cameraId, snapshotId);
    return this.get(cameraId);
  }

  forget(cameraId: string): Promise<void> {
    this.#confirmed.delete(cameraId);
    return Promise.resolve();
  }
}

/** A record of pictures held in memory. */
export class StagedSnapshots {
  readonly references = new StagedReferences();
  readonly held = new Map<string, Snapshot>();
  readonly erased: string[] = [];
  posterOf: ((cameraId: string) => { jpeg: Buffer; takenAtMs: number } | undefined) | undefined;
  readonly #taken = new Emitter<Snapshot>(fault);
  readonly #gaps = new Emitter<SnapshotGap>(fault);

  takeNow(cameraId: string): Promise<Snapshot> {
    const snapshot: Snapshot = {
      id: newId('snp'),
      cameraId,
      takenAt: '2026-11-23T06:00:00.000Z',
      scheduledFor: null,
      width: 1920,
      height: 1080,
      bytes: 4,
      sha256: 'a'.repeat(64),
      chainHash: 'b'.repeat(64),
      prevHash: '0'.repeat(64),
      source: 'keyframe',
      quality: { luma: 120, sharpness: 20, verdict: 'ok' },
      milestoneId: null,
      note: null,
      picked: false,
    };
    this.held.set(snapshot.id, snapshot);
    this.#taken.emit(snapshot);
    return Promise.resolve(snapshot);
  }

  list(cameraId: string) {
    const items = [...this.held.values()].filter((snapshot) => snapshot.cameraId === cameraId);
    return Promise.resolve({ items, nextCursor: null });
  }

  get(id: string): Promise<Snapshot | undefined> {
    return Promise.resolve(this.held.get(id));
  }

  image(_id: string, query: { format?: string }, accept: string) {
    const webp = query.format === 'webp' || accept.includes('image/webp');
    return Promise.resolve({
      bytes: Buffer.from('jpeg'),
      contentType: webp ? 'image/webp' : 'image/jpeg',
    });
  }

  calendar() {
    return Promise.resolve({ days: [{ date: '2026-11-23', expected: 2, taken: 1, missed: 1 }] });
  }

  gaps(cameraId: string): Promise<SnapshotGap[]> {
    const scheduledFor = '2026-11-23T02:00:00.000Z';
    return Promise.resolve([{ cameraId, scheduledFor, reason: 'unreachable', message: 'no answer' }]);
  }

  verify() {
    return Promise.resolve({ ok: true, checked: this.held.size, firstBadId: null, reason: null });
  }

  poster(cameraId: string) {
    return Promise.resolve(this.posterOf?.(cameraId));
  }

  eraseRecords(cameraId: string): Promise<void> {
    this.erased.push(cameraId);
    return Promise.resolve();
  }

  onTaken(listener: (snapshot: Snapshot) => void): () => void {
    return this.#taken.subscribe(listener);
  }

  onGap(listener: (gap: SnapshotGap) => void): () => void {
    return this.#gaps.subscribe(listener);
  }
}

/** The timeline over the pictures held in memory. */
export class StagedTimeline {
  readonly #snapshots: StagedSnapshots;
  readonly #changed = new Emitter<Snapshot>(fault);

  constructor(snapshots: StagedSnapshots) {
    this.#snapshots = snapshots;
  }

  index(cameraId: string): Promise<Buffer> {
    const items = [...this.#snapshots.held.values()]
      .filter((snapshot) => snapshot.cameraId === cameraId)
      .map((snapshot) => [snapshot.id, Date.parse(snapshot.takenAt), 0, 120, 1]);
    return Promise.resolve(Buffer.from(JSON.stringify({ items, nextFrom: null })));
  }

  sheet(wish: { date: string; page: number }): Promise<ThumbSheet> {
    const tiles = { tileWidth: 160, tileHeight: 90, columns: 12 };
    return Promise.resolve({ ...tiles, page: wish.page, pages: 1, version: 'v1', items: [] });
  }

  sheetPicture(): Promise<{ bytes: Buffer; version: string }> {
    return Promise.resolve({ bytes: Buffer.from('webp'), version: 'v1' });
  }

  async annotate(id: string, patch: Partial<Snapshot>): Promise<Snapshot> {
    const snapshot = await this.#snapshots.get(id);
    if (!snapshot) throw new GatewayError('not-found', 'there is no such snapshot');
    const changed = { ...snapshot, ...patch };
    this.#snapshots.held.set(id, changed);
    this.#changed.emit(changed);
    return changed;
  }

  compare(): Promise<PictureComparison> {
    return Promise.resolve({ sameCamera: true, shiftPx: 0, similarity: 1, moved: false, lumaDifference: 0 });
  }

  onChanged(listener: (snapshot: Snapshot) => void): () => void {
    return this.#changed.subscribe(listener);
  }
}

/** Films that are done at once. */
export class StagedTimelapses {
  readonly held = new Map<string, Timelapse>();
  readonly film = Buffer.from('a film of some bytes');
  readonly #updates = new Emitter<Timelapse>(fault);

  create(body: TimelapseCreate): Promise<string> {
    const id = newId('tlp');
    const film: Timelapse = {
      id,
      cameraId: body.cameraId,
      from: new Date(body.from).toISOString(),
      to: new Date(body.to).toISOString(),
      everyMin: body.everyMin ?? null,
      hour: body.hour ?? null,
      fps: body.fps,
      width: 1920,
      height: body.height,
      state: 'done',
      progress: 1,
      pictures: 2,
      skipped: 0,
      bytes: this.film.length,
      url: `/api/v1/timelapses/${id}/video.mp4`,
      error: null,
      createdAt: '2026-11-23T06:00:00.000Z',
      finishedAt: '2026-11-23T06:00:01.000Z',
    };
    this.held.set(id, film);
    this.#updates.emit(film);
    return Promise.resolve(id);
  }

  get(id: string): Promise<Timelapse | undefined> {
    return Promise.resolve(this.held.get(id));
  }

  list(cameraIds: readonly string[] | null) {
    const items = [...this.held.values()].filter(({ cameraId }) => cameraIds?.includes(cameraId) ?? true);
    return Promise.resolve({ items, nextCursor: null });
  }

  remove(id: string): Promise<void> {
    this.held.delete(id);
    return Promise.resolve();
  }

  eraseOf(cameraId: string): Promise<void> {
    for (const film of this.held.values()) if (film.cameraId === cameraId) this.held.delete(film.id);
    return Promise.resolve();
  }

  video(id: string) {
    const { film } = this;
    const read = async function* (start: number, end: number) {
      yield film.subarray(start, end);
    };
    return Promise.resolve(this.held.has(id) ? { byteLength: film.length, read } : undefined);
  }

  onUpdate(listener: (timelapse: Timelapse) => void): () => void {
    return this.#updates.subscribe(listener);
  }
}

/** Packaging that notes who asked, and hands out what the test gives it. */
export class StagedLive {
  readonly asked: string[] = [];
  readonly connected: SocketViewer[] = [];
  closed = 0;
  /** Files whose bytes were said not to be needed any more. */
  released = 0;
  chunks: Buffer[] = [Buffer.from('moof'), Buffer.from('mdat')];
  /** Of each media playlist. */
  text = '#EXTM3U\n#EXT-X-VERSION:9\n';
  failure: GatewayError | undefined;

  multivariant(cameraId: string): Promise<string> {
    this.asked.push(`multivariant ${cameraId}`);
    if (this.failure) return Promise.reject(this.failure);
    return Promise.resolve('#EXTM3U\n');
  }

  playlist(cameraId: string, rendition: string, query: object): Promise<string> {
    this.asked.push(`playlist ${cameraId} ${rendition} ${JSON.stringify(query)}`);
    return Promise.resolve(this.text);
  }

  file(cameraId: string, rendition: string, name: string) {
    this.asked.push(`file ${cameraId} ${rendition} ${name}`);
    const byteLength = this.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    return Promise.resolve({
      contentType: 'video/mp4',
      chunks: this.chunks,
      byteLength,
      maxAgeSec: 60,
      release: () => void (this.released += 1),
    });
  }

  open(cameraId: string, rendition: string, viewer: SocketViewer): { close(): void } {
    this.asked.push(`open ${cameraId} ${rendition}`);
    if (this.failure) throw this.failure;
    this.connected.push(viewer);
    viewer.text('{"mime":"video/mp4; codecs=\\"avc1.640028\\"","timescale":90000}');
    viewer.binary(this.chunks);
    return { close: () => void (this.closed += 1) };
  }
}

/** Proofs of one closed day over two cameras. */
export class StagedEvidence {
  readonly key = EvidenceKey.generate();
  readonly publicKey = this.key.pem;
  /** The cameras with leaves in the day. */
  cameraIds: string[] = [];

  verifyAll() {
    const days = { ok: true, checked: 1, firstBadDate: null, reason: null };
    return Promise.resolve({ ok: true, keyId: this.key.keyId, pictures: 0, cameras: [], days });
  }

  days(): Promise<EvidenceDay[]> {
    const statement = 'gantry-evidence-v1\n';
    return Promise.resolve([
      {
        date: '2026-11-22',
        gatewayId: 'gantry-1',
        timeZone: 'Asia/Shanghai',
        closedAt: '2026-11-22T16:00:00.000Z',
        cameras: this.cameraIds.length,
        root: 'a'.repeat(64),
        prevHash: '0'.repeat(64),
        keyId: this.key.keyId,
        statement,
        signature: this.key.sign(statement),
      },
    ]);
  }

  async day(date: string, mayShow: (cameraId: string) => boolean): Promise<EvidenceDayProof | undefined> {
    const day = (await this.days()).find((each) => each.date === date);
    const leaves = this.cameraIds
      .filter(mayShow)
      .map((cameraId) => ({ cameraId, seq: 1, chainHash: 'b'.repeat(64), path: [] }));
    return day && { ...day, leaves };
  }

  async export(): Promise<AsyncIterable<Uint8Array>> {
    return (async function* chunks() {
      yield Buffer.from('PK');
      yield Buffer.from('rest');
    })();
  }
}

/** Recorded changes of light that the test makes. */
export class StagedLightChanges {
  readonly recorded: { seq: number; change: LightChange }[] = [];
  readonly #told = new Emitter<LightChange>(fault);

  changesAfter(seq: number, limit: number): Promise<{ seq: number; change: LightChange }[]> {
    return Promise.resolve(this.recorded.filter((each) => each.seq > seq).slice(0, limit));
  }

  onLightChange(listener: (change: LightChange) => void): () => void {
    return this.#told.subscribe(listener);
  }

  /** Records a change without a word, as a gateway that is killed just then. */
  record(change: LightChange): void {
    this.recorded.push({ seq: this.recorded.length + 1, change });
  }

  tell(change: LightChange): void {
    this.record(change);
    this.#told.emit(change);
  }
}
