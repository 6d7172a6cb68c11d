import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import { newId } from '../base/new-id.ts';
import type { CameraCreate, CameraPatch, ProfileName } from '../contract/camera.ts';
import type { Page } from '../contract/common.ts';
import { applyCameraPatch } from './apply-camera-patch.ts';
import type { CameraChange, CameraRecord } from './camera-record.ts';
import { CameraSecrets } from './camera-secrets.ts';
import type { CameraStore, StoredCamera } from './camera-store.ts';
import { pageOf } from './page-of.ts';
import { newCamera } from './new-camera.ts';
import type { UnsealedCamera } from './new-camera.ts';
import { readDevice } from './read-device.ts';
import type { OnvifReader } from './read-device.ts';
import { isSameDevice } from './same-device.ts';
import type { DeviceIdentity } from './same-device.ts';
import type { SecretBox } from './secret-box.ts';
import { unreadCamera } from './unread-camera.ts';
import { withSignIn } from './with-sign-in.ts';
import type { SignInSource } from './with-sign-in.ts';

/** Where to pull a stream from; the form that ingest asks for. */
interface PullSource {
  url: string;
  username: string;
  password: string;
  revision: string;
}

/** All registered cameras, held in memory beside their table; lives as long as the gateway. */
export class Cameras {
  readonly #clock: Clock;
  readonly #store: CameraStore;
  readonly #reader: OnvifReader;
  readonly #secrets: CameraSecrets;
  readonly #projectExists: (projectId: string) => boolean;
  readonly #credentialSets: SignInSource;
  readonly #changes: Emitter<CameraChange>;
  readonly #stored = new Map<string, StoredCamera>();
  /** Cameras on their way into the table: a device is not registered twice by two requests at once. */
  readonly #arriving = new Set<CameraRecord>();
  readonly #settling = new Map<string, Promise<void>>();

  constructor(options: {
    clock: Clock;
    logger: Logger;
    store: CameraStore;
    reader: OnvifReader;
    secretBox: SecretBox;
    projectExists: (projectId: string) => boolean;
    credentialSets: SignInSource;
  }) {
    this.#clock = options.clock;
    this.#store = options.store;
    this.#reader = options.reader;
    this.#secrets = new CameraSecrets(options.secretBox);
    this.#projectExists = options.projectExists;
    this.#credentialSets = options.credentialSets;
    this.#changes = new Emitter((error) =>
      options.logger.error({ err: error }, 'a listener of camera changes failed'),
    );
  }

  async start(): Promise<void> {
    for (const stored of await this.#store.all()) this.#stored.set(stored.record.id, stored);
  }

  all(): CameraRecord[] {
    return Array.from(this.#stored.values(), (stored) => stored.record);
  }

  get(id: string): CameraRecord | undefined {
    return this.#stored.get(id)?.record;
  }

  onChange(listener: (change: CameraChange) => void): Unsubscribe {
    return this.#changes.subscribe(listener);
  }

  /** A page in the order of registration; `projectIds` null means all. */
  async list(filter: {
    projectIds: readonly string[] | null;
    projectId?: string;
    limit: number;
    cursor?: string;
  }): Promise<Page<CameraRecord>> {
    const visible = this.all().filter(
      (camera) =>
        (filter.projectIds === null || filter.projectIds.includes(camera.projectId)) &&
        (filter.projectId === undefined || filter.projectId === camera.projectId),
    );
    return pageOf(visible, filter.limit, filter.cursor);
  }

  /**
   * Registers a camera; an ONVIF one is read first. Throws `not-found` (project), `conflict` (already registered),
   * `camera-offline`, `camera-auth-failed`, `camera-protocol-error`, `address-not-allowed`.
   */
  async create(body: CameraCreate): Promise<CameraRecord> {
    this.#requireProject(body.projectId);
    const id = newId('cam');
    const filled = withSignIn(body, this.#credentialSets);
    const { record, passwords } = await newCamera(this.#reader, filled, id, this.#clock.now());
    this.#refuseDouble(record);
    this.#arriving.add(record);
    try {
      const stored = this.#secrets.seal(record, passwords);
      await this.#store.insert(stored);
      return this.#keep('added', stored);
    } finally {
      this.#arriving.delete(record);
    }
  }

  /**
   * Registers cameras as a list gives them, without contacting them (`unreadCamera`): all or none. `onAdded` may make
   * room for other work between one camera's news and the next. Throws as `create`.
   */
  async addUnread(
    bodies: readonly CameraCreate[],
    onAdded?: (done: number) => Promise<void>,
  ): Promise<CameraRecord[]> {
    const nowMs = this.#clock.now();
    const stored = bodies.map((body) => {
      this.#requireProject(body.projectId);
      const { record, passwords } = unreadCamera(withSignIn(body, this.#credentialSets), newId('cam'), nowMs);
      this.#refuseDouble(record);
      return this.#secrets.seal(record, passwords);
    });
    await this.#store.insertAll(stored);
    for (const [index, each] of stored.entries()) {
      this.#keep('added', each);
      await onAdded?.(index + 1);
    }
    return stored.map(({ record }) => record);
  }

  /** Changes what the body names; a new ONVIF address, user or password is tried on the device first. Throws as `create`. */
  async patch(id: string, body: CameraPatch): Promise<CameraRecord> {
    const before = this.#existing(id);
    if (body.projectId !== undefined) this.#requireProject(body.projectId);
    const { record, passwords } = await applyCameraPatch(
      this.#reader,
      before.record,
      this.#secrets.open(before),
      withSignIn(body, this.#credentialSets),
    );
    return this.#change({ record, passwords });
  }

  /** Throws `not-found`. */
  async remove(id: string): Promise<CameraRecord> {
    const { record } = this.#existing(id);
    await this.#store.remove(id);
    this.#stored.delete(id);
    this.#changes.emit({ kind: 'removed', camera: record });
    return record;
  }

  /**
   * ingest's view: undefined when the camera or profile does not exist or is disabled. A pending camera is read first,
   * throwing as `create`; else `secret-unreadable`.
   */
  async streamSource(cameraId: string, profile: ProfileName): Promise<PullSource | undefined> {
    if (this.#stored.get(cameraId)?.record.onvif?.pending) await this.#settle(cameraId);
    const stored = this.#stored.get(cameraId);
    const url = profile === 'main' ? stored?.record.rtsp.main : stored?.record.rtsp.sub;
    if (!stored || !stored.record.enabled || !url) return undefined;
    const password = this.#secrets.open(stored).rtsp;
    const { username } = stored.record.rtsp;
    const revision = createHash('sha256')
      .update(JSON.stringify([url, username, password]))
      .digest('base64url');
    return { url, username, password, revision };
  }

  /** The ONVIF service address with its credentials; undefined for a camera without ONVIF. */
  onvifAccess(cameraId: string): { xaddr: string; username: string; password: string } | undefined {
    const stored = this.#stored.get(cameraId);
    if (!stored?.record.onvif) return undefined;
    const { xaddr, username } = stored.record.onvif;
    return { xaddr, username, password: this.#secrets.open(stored).onvif };
  }

  /** Changes the record of a camera whose sign-in stays; gives it. Throws `not-found`, `secret-unreadable`. */
  revise(cameraId: string, change: (before: CameraRecord) => CameraRecord): Promise<CameraRecord> {
    const before = this.#existing(cameraId);
    return this.#change({ record: change(before.record), passwords: this.#secrets.open(before) });
  }

  /** discovery's view: the camera that a found device is, by endpoint id, MAC, maker’s serial or service address. */
  async findRegistered(device: DeviceIdentity): Promise<string | null> {
    const found = this.all().find((camera) => isSameDevice(camera, device));
    return found?.id ?? null;
  }

  #refuseDouble(record: CameraRecord): void {
    if (!record.onvif) return;
    const { serial, mac } = record;
    const { endpointId, xaddr } = record.onvif;
    const double = [...this.all(), ...this.#arriving].find(
      (camera) => camera.id !== record.id && isSameDevice(camera, { endpointId, serial, mac, xaddr }),
    );
    if (double) {
      throw new GatewayError('conflict', `this device is already registered as ${double.name}`, {
        details: { cameraId: double.id },
      });
    }
  }

  /** Reads a pending camera once, however many ask; what it tells is kept. */
  #settle(cameraId: string): Promise<void> {
    const running = this.#settling.get(cameraId) ?? this.#readPending(cameraId);
    this.#settling.set(cameraId, running);
    return running.finally(() => this.#settling.delete(cameraId));
  }

  async #readPending(cameraId: string): Promise<void> {
    const access = this.onvifAccess(cameraId);
    if (!access) return;
    const device = await readDevice(this.#reader, access);
    const now = this.#stored.get(cameraId);
    // Removed or changed by hand meanwhile.
    if (!now?.record.onvif?.pending || now.record.onvif.xaddr !== access.xaddr) return;
    this.#refuseDouble({ ...now.record, ...device });
    await this.revise(cameraId, (before) => ({ ...before, ...device }));
  }

  async #change({ record, passwords }: UnsealedCamera): Promise<CameraRecord> {
    const stored = this.#secrets.seal(record, passwords);
    await this.#store.update(stored);
    return this.#keep('changed', stored);
  }

  #requireProject(projectId: string): void {
    if (!this.#projectExists(projectId))
      throw new GatewayError('not-found', `there is no project ${projectId}`);
  }

  #existing(id: string): StoredCamera {
    const stored = this.#stored.get(id);
    if (!stored) throw new GatewayError('not-found', `there is no camera ${id}`);
    return stored;
  }

  #keep(kind: 'added' | 'changed', stored: StoredCamera): CameraRecord {
    this.#stored.set(stored.record.id, stored);
    this.#changes.emit({ kind, camera: stored.record });
    return stored.record;
  }
}
