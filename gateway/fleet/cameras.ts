import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import { newId } from '../base/new-id.ts';
import type { CameraCreate, CameraPatch, ProfileName } from '../contract/camera.ts';
import type { Page } from '../contract/common.ts';
import type { DiscoveredDevice } from '../contract/discovery.ts';
import { applyCameraPatch } from './apply-camera-patch.ts';
import type { CameraChange, CameraRecord } from './camera-record.ts';
import { CameraSecrets } from './camera-secrets.ts';
import type { CameraStore, StoredCamera } from './camera-store.ts';
import { pageOf } from './page-of.ts';
import type { OnvifReader } from './read-device.ts';
import { newCamera } from './new-camera.ts';
import type { SecretBox } from './secret-box.ts';

/** Where to pull a stream from; the form that ingest asks for. */
interface PullSource {
  url: string;
  username: string;
  password: string;
  revision: string;
}

/** Names by which a device may be known again. */
type DeviceIdentity = Pick<DiscoveredDevice, 'endpointId' | 'mac' | 'serial' | 'xaddr'>;

/** All registered cameras, held in memory beside their table; lives as long as the gateway. */
export class Cameras {
  readonly #clock: Clock;
  readonly #store: CameraStore;
  readonly #reader: OnvifReader;
  readonly #secrets: CameraSecrets;
  readonly #projectExists: (projectId: string) => boolean;
  readonly #changes: Emitter<CameraChange>;
  readonly #stored = new Map<string, StoredCamera>();

  constructor(options: {
    clock: Clock;
    logger: Logger;
    store: CameraStore;
    reader: OnvifReader;
    secretBox: SecretBox;
    projectExists: (projectId: string) => boolean;
  }) {
    this.#clock = options.clock;
    this.#store = options.store;
    this.#reader = options.reader;
    this.#secrets = new CameraSecrets(options.secretBox);
    this.#projectExists = options.projectExists;
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
    const { record, passwords } = await newCamera(this.#reader, body, id, this.#clock.now());
    this.#refuseDouble(record);
    const stored = this.#secrets.seal(record, passwords);
    await this.#store.insert(stored);
    return this.#keep('added', stored);
  }

  /** Changes what the body names; a new ONVIF address, user or password is tried on the device first. Throws as `create`. */
  async patch(id: string, body: CameraPatch): Promise<CameraRecord> {
    const before = this.#existing(id);
    if (body.projectId !== undefined) this.#requireProject(body.projectId);
    const { record, passwords } = await applyCameraPatch(
      this.#reader,
      before.record,
      this.#secrets.open(before),
      body,
    );
    const stored = this.#secrets.seal(record, passwords);
    await this.#store.update(stored);
    return this.#keep('changed', stored);
  }

  /** Throws `not-found`. */
  async remove(id: string): Promise<CameraRecord> {
    const { record } = this.#existing(id);
    await this.#store.remove(id);
    this.#stored.delete(id);
    this.#changes.emit({ kind: 'removed', camera: record });
    return record;
  }

  /** ingest's view: undefined when the camera or profile does not exist or is disabled. Throws `secret-unreadable`. */
  async streamSource(cameraId: string, profile: ProfileName): Promise<PullSource | undefined> {
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

  /** discovery's view: the camera that a found device is, by endpoint id, MAC, maker’s serial or service address. */
  async findRegistered(device: DeviceIdentity): Promise<string | null> {
    const found = this.all().find((camera) => isSameDevice(camera, device));
    return found?.id ?? null;
  }

  #refuseDouble(record: CameraRecord): void {
    if (!record.onvif) return;
    const { serial, mac } = record;
    const { endpointId, xaddr } = record.onvif;
    const double = this.all().find((camera) => isSameDevice(camera, { endpointId, serial, mac, xaddr }));
    if (double) {
      throw new GatewayError('conflict', `this device is already registered as ${double.name}`, {
        details: { cameraId: double.id },
      });
    }
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

/**
 * Endpoint id and MAC are unique where the maker does his work; some makers ship one serial for a whole batch, so that a
 * serial counts only when the device has neither of the others.
 */
function isSameDevice(camera: CameraRecord, device: DeviceIdentity): boolean {
  if (!camera.onvif) return false;
  const { endpointId } = camera.onvif;
  if (endpointId !== null && device.endpointId !== null) return endpointId === device.endpointId;
  if (camera.mac !== null && device.mac !== null)
    return camera.mac.toLowerCase() === device.mac.toLowerCase();
  if (camera.serial !== null && camera.serial === device.serial) return true;
  return camera.onvif.xaddr === device.xaddr;
}
