import type { CancelTimer, Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { messageOf } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import type { OnvifReading } from '../discovery/onvif-reading.ts';
import type { CameraDevices } from './camera-devices.ts';
import type { CameraRecord } from './camera-record.ts';
import type { OnvifReader } from './read-device.ts';
import { isSameDevice } from './same-device.ts';

/** A camera that was followed to a new address. */
export interface CameraMove {
  camera: CameraRecord;
  /** Its service address before. */
  from: string;
}

/** News of a device's address, from its Hello or an answer to a search; proves nothing. */
interface AddressNews {
  kind: 'hello' | 'bye' | 'match';
  endpointId: string | null;
  xaddr: string;
}

interface MovedCamerasOptions {
  clock: Clock;
  logger: Logger;
  cameras: { all(): CameraRecord[]; get(cameraId: string): CameraRecord | undefined };
  devices: Pick<CameraDevices, 'deviceOf' | 'relocate'>;
  reader: OnvifReader;
  announcements: { onAnnouncement(listener: (news: AddressNews) => void): Unsubscribe };
  /** Asks the devices of the attached networks to tell their addresses; the answers come as announcements. */
  search: () => void;
  /** True while the camera shows no picture. */
  isDown: (cameraId: string) => boolean;
}

/** Where a camera may be now. */
interface Candidate {
  xaddr: string;
  heardAtMs: number;
  notBeforeMs: number;
}

const TICK_MS = 10_000;
/** A camera that is down for this long is looked for. */
const DOWN_BEFORE_SEARCH_MS = 60_000;
const SEARCH_INTERVAL_MS = 300_000;
const KEPT_MS = 900_000;
const RETRY_MS = 300_000;
const MOST_CANDIDATES = 2000;

/**
 * Follows cameras to new addresses: when a registered device's endpoint id is heard from elsewhere, and it is no longer at
 * its old address, the device at the new one must prove over ONVIF, signed in with the camera's own password, that it is
 * the same (endpoint id, else MAC, else serial; and the accepted certificate). Lives as long as the gateway.
 */
export class MovedCameras {
  readonly #options: MovedCamerasOptions;
  readonly #moves: Emitter<CameraMove>;
  readonly #candidates = new Map<string, Candidate>();
  readonly #downSinceMs = new Map<string, number>();
  readonly #running = new Map<string, Promise<void>>();
  #searchedAtMs = -Infinity;
  #cancel: CancelTimer | undefined;
  #unsubscribe: Unsubscribe | undefined;

  constructor(options: MovedCamerasOptions) {
    this.#options = options;
    this.#moves = new Emitter((error) => options.logger.error({ err: error }, 'a listener of moves failed'));
  }

  start(): void {
    const { announcements, clock } = this.#options;
    this.#unsubscribe = announcements.onAnnouncement((news) => this.#heard(news));
    this.#cancel = clock.every(TICK_MS, () => this.#tick());
  }

  /** Resolves when no device is being asked any more. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#cancel?.();
    this.#candidates.clear();
    await Promise.all(this.#running.values());
  }

  onMoved(listener: (move: CameraMove) => void): Unsubscribe {
    return this.#moves.subscribe(listener);
  }

  /** A search came upon the registered camera at this service address. */
  foundAt(cameraId: string, xaddr: string): void {
    const known = this.#options.cameras.get(cameraId)?.onvif;
    if (!known || known.xaddr === xaddr) return;
    const nowMs = this.#options.clock.monotonicMs();
    const before = this.#candidates.get(cameraId);
    const isNew = before?.xaddr !== xaddr;
    this.#candidates.delete(cameraId);
    const notBeforeMs = isNew ? nowMs : before.notBeforeMs;
    this.#candidates.set(cameraId, { xaddr, heardAtMs: nowMs, notBeforeMs });
    const oldest = this.#candidates.size > MOST_CANDIDATES ? this.#candidates.keys().next() : null;
    if (oldest && !oldest.done) this.#candidates.delete(oldest.value);
    if (isNew) this.#consider(cameraId);
  }

  #heard({ kind, endpointId, xaddr }: AddressNews): void {
    if (kind === 'bye' || endpointId === null) return;
    const camera = this.#options.cameras.all().find(({ onvif }) => onvif?.endpointId === endpointId);
    if (camera) this.foundAt(camera.id, xaddr);
  }

  #tick(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const [cameraId, { heardAtMs }] of this.#candidates) {
      if (nowMs - heardAtMs > KEPT_MS) this.#candidates.delete(cameraId);
      else this.#consider(cameraId);
    }
    this.#searchForLost(nowMs);
  }

  #searchForLost(nowMs: number): void {
    const { cameras, isDown, search } = this.#options;
    let isSomeoneLost = false;
    for (const { id, enabled, onvif } of cameras.all()) {
      if (!enabled || !onvif?.endpointId || !isDown(id)) {
        this.#downSinceMs.delete(id);
        continue;
      }
      const sinceMs = this.#downSinceMs.get(id) ?? nowMs;
      this.#downSinceMs.set(id, sinceMs);
      if (nowMs - sinceMs >= DOWN_BEFORE_SEARCH_MS) isSomeoneLost = true;
    }
    if (!isSomeoneLost || nowMs - this.#searchedAtMs < SEARCH_INTERVAL_MS) return;
    this.#searchedAtMs = nowMs;
    search();
  }

  #consider(cameraId: string): void {
    const candidate = this.#candidates.get(cameraId);
    const nowMs = this.#options.clock.monotonicMs();
    if (!candidate || candidate.notBeforeMs > nowMs || this.#running.has(cameraId)) return;
    candidate.notBeforeMs = nowMs + RETRY_MS;
    const running = this.#follow(cameraId, candidate.xaddr)
      .catch((error: unknown) =>
        this.#options.logger.warn(
          { cameraId, xaddr: candidate.xaddr },
          `a camera could not be followed to its new address: ${messageOf(error)}`,
        ),
      )
      .finally(() => this.#running.delete(cameraId));
    this.#running.set(cameraId, running);
  }

  async #follow(cameraId: string, xaddr: string): Promise<void> {
    const { cameras, devices, logger } = this.#options;
    const camera = cameras.get(cameraId);
    const device = devices.deviceOf(cameraId);
    if (!camera?.onvif || !device || device.xaddr === xaddr) return void this.#candidates.delete(cameraId);
    // Whoever is at the old address now, its refusal is not the camera's own.
    const there = await this.#read(device.xaddr, device, null);
    if (there && isProven(camera, there)) return void this.#candidates.delete(cameraId);
    const reading = await this.#read(xaddr, device, device.endpointId);
    if (!reading) return;
    if (!isProven(camera, reading)) {
      logger.warn({ cameraId, xaddr }, 'another device claims to be this camera; it was not followed');
      return;
    }
    this.#candidates.delete(cameraId);
    const moved = await devices.relocate(cameraId, { ...reading, xaddr });
    logger.info(
      { cameraId, from: device.xaddr, to: xaddr },
      `${camera.name} has a new address and was followed`,
    );
    this.#moves.emit({ camera: moved, from: device.xaddr });
  }

  async #read(
    xaddr: string,
    { credentials, certificateSha256 }: NonNullable<ReturnType<CameraDevices['deviceOf']>>,
    endpointId: string | null,
  ): Promise<OnvifReading | null> {
    const result = await this.#options.reader.read(xaddr, credentials, { certificateSha256, endpointId });
    if (result.ok) return result.reading;
    const { failure, message } = result;
    const level = failure === 'certificate-changed' ? 'warn' : 'debug';
    this.#options.logger[level]({ xaddr, failure }, `no proof from this address: ${message}`);
    return null;
  }
}

/** Whether the reading is of this camera's device; an equal address alone proves nothing, a different serial disproves. */
function isProven(camera: CameraRecord, reading: OnvifReading): boolean {
  const { endpointId, mac, serial } = reading;
  if (camera.serial !== null && serial !== null && camera.serial !== serial) return false;
  return isSameDevice(camera, { endpointId, mac, serial, xaddr: 'urn:nowhere' });
}
