import { messageOf } from '../base/gateway-error.ts';
import type { Credentials, DiscoveredDevice } from '../contract/discovery.ts';
import type { DeviceList } from './device-list.ts';
import { listFound, listRead } from './device-listing.ts';
import type { OnvifResult } from './onvif-reading.ts';
import type { FoundDevice } from './ws-discovery/found-device.ts';
import { previewSource } from './preview-source.ts';
import type { SignInCandidate } from './sign-in-candidates.ts';

/** What a search needs of the ONVIF client. */
export interface DeviceReading {
  read(
    xaddr: string,
    credentials: Credentials | null,
    options?: { signal?: AbortSignal; endpointId?: string | null },
  ): Promise<OnvifResult>;
}

/** What a search needs of the fleet: the camera that is this device, if one is registered. */
export interface RegisteredCameras {
  findRegistered(device: {
    endpointId: string | null;
    mac: string | null;
    serial: string | null;
    xaddr: string;
    address: string;
  }): Promise<string | null>;
}

export interface DeviceExaminerOptions {
  client: DeviceReading;
  registered: RegisteredCameras;
  candidates: readonly SignInCandidate[];
  devices: DeviceList;
  /** Aborted when the search is over: nothing is listed after that. */
  signal: AbortSignal;
  onChange: () => void;
  onFault: (key: string, message: string) => void;
}

/** A reading and the sign-in that it was made with. */
interface SignedReading {
  result: OnvifResult;
  by: SignInCandidate | null;
}

/** Reads the devices of one search and enters what they told into its list. */
export class DeviceExaminer {
  readonly #options: DeviceExaminerOptions;

  constructor(options: DeviceExaminerOptions) {
    this.#options = options;
  }

  /** Reads a device that is listed already and completes its entry. */
  async examine(key: string, xaddr: string): Promise<void> {
    const endpointId = this.#options.devices.get(key)?.endpointId ?? null;
    await this.#list(key, await this.#readWithCredentials(xaddr, endpointId));
  }

  /** Reads what a person named as a device; listed when it speaks ONVIF. */
  async tryNamed(address: string, xaddr: string): Promise<{ result: OnvifResult; isDevice: boolean }> {
    const read = await this.#readWithCredentials(xaddr, null);
    const isDevice = speaksOnvif(read.result);
    if (isDevice) await this.#add(address, xaddr, read);
    return { result: read.result, isDevice };
  }

  /**
   * Reads what a scan came upon; it sees credentials only after it has told its time as ONVIF devices do without them.
   * True when it speaks ONVIF.
   */
  async tryScanned(address: string, xaddr: string): Promise<boolean> {
    const { client, candidates, signal } = this.#options;
    const open = await client.read(xaddr, null, { signal });
    if (!open.ok && open.clockDriftSec === null) return false;
    const wantsSignIn = !open.ok && open.failure === 'auth-required' && candidates.length > 0;
    if (!wantsSignIn) await this.#add(address, xaddr, { result: open, by: null });
    else {
      const endpointId = open.endpointId ?? null;
      const read = await this.#readWithCredentials(xaddr, endpointId);
      await this.#add(
        address,
        xaddr,
        read.result.ok ? read : { ...read, result: { ...read.result, endpointId } },
      );
    }
    return true;
  }

  /** Lists a host that a person named and that could not be read, with the reason. */
  async listUnread(address: string, xaddr: string, result: OnvifResult): Promise<void> {
    await this.#add(address, xaddr, { result, by: null });
  }

  /**
   * Looks at a second address that bears the endpoint id of a listed device: listed as well when its MAC is another one,
   * since boards of one series sometimes share their endpoint id.
   */
  async examineTwin(firstKey: string, key: string, found: FoundDevice): Promise<void> {
    const { devices, signal } = this.#options;
    const mac = devices.get(firstKey)?.mac ?? null;
    if (mac === null) return;
    const read = await this.#readWithCredentials(found.xaddr, found.endpointId);
    const other = read.result.ok ? read.result.reading.mac : null;
    if (signal.aborted || other === null || other === mac) return;
    if (devices.add(key, listFound(found))) await this.#list(key, read);
  }

  /** Lists a device that speaks RTSP alone. */
  async listRtsp(device: DiscoveredDevice): Promise<void> {
    const { devices, signal, onChange } = this.#options;
    if (signal.aborted || !devices.add(device.xaddr, device)) return;
    devices.update(device.xaddr, { ...device, registeredCameraId: await this.#registered(device) }, null);
    onChange();
  }

  async #add(address: string, xaddr: string, read: SignedReading): Promise<void> {
    const { devices, signal } = this.#options;
    const { result } = read;
    const endpointId = result.ok ? result.reading.endpointId : (result.endpointId ?? null);
    // It may have answered a probe while it was read.
    if (signal.aborted || devices.hasXaddr(xaddr)) return;
    if (devices.add(xaddr, listFound({ endpointId, address, xaddr, name: null, hardware: null }))) {
      await this.#list(xaddr, read);
    }
  }

  /** Tries the sign-ins in order and stops at the first that works; the client keeps count of refusals, over all searches. */
  async #readWithCredentials(xaddr: string, endpointId: string | null): Promise<SignedReading> {
    const { client, candidates, signal } = this.#options;
    const [first, ...others] = candidates;
    const read = (by: SignInCandidate | undefined): Promise<OnvifResult> =>
      client.read(xaddr, by?.credentials ?? null, { signal, endpointId });
    let by = first;
    let result = await read(by);
    let pauses = isPause(result) ? 1 : 0;
    for (const next of others) {
      // One pause may be that sign-in's own; two in a row are the device's.
      if (!isRefusal(result) || pauses > 1) break;
      by = next;
      result = await read(next);
      pauses = isPause(result) ? pauses + 1 : 0;
    }
    if (!result.ok && result.failure === 'auth-failed' && others.length > 0) {
      const message = `the device accepted none of the ${candidates.length} sign-ins`;
      return { result: { ...result, message }, by: null };
    }
    return { result, by: result.ok ? (by ?? null) : null };
  }

  async #list(key: string, { result, by }: SignedReading): Promise<void> {
    const { devices, signal, onChange } = this.#options;
    const before = devices.get(key);
    if (!before) return;
    const device = {
      ...listRead(before, result),
      credentialIndex: by?.credentialIndex ?? null,
      credentialSetId: by?.credentialSetId ?? null,
    };
    const registeredCameraId = await this.#registered(device);
    if (signal.aborted) return;
    const preview = result.ok ? previewSource(result.reading, by?.credentials ?? null) : null;
    devices.update(key, { ...device, registeredCameraId }, preview);
    onChange();
  }

  async #registered(device: DiscoveredDevice): Promise<string | null> {
    try {
      return await this.#options.registered.findRegistered(device);
    } catch (error) {
      this.#options.onFault('registered', messageOf(error));
      return null;
    }
  }
}

function isRefusal(result: OnvifResult): boolean {
  return !result.ok && (result.failure === 'auth-failed' || result.failure === 'auth-paused');
}

function isPause(result: OnvifResult): boolean {
  return !result.ok && result.failure === 'auth-paused';
}

/** True when something that speaks ONVIF was there, readable or not. */
function speaksOnvif(result: OnvifResult): boolean {
  return result.ok || result.failure.startsWith('auth-') || result.clockDriftSec !== null;
}
