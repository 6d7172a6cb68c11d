import { messageOf } from '../base/gateway-error.ts';
import type { Credentials, DiscoveredDevice } from '../contract/discovery.ts';
import type { DeviceList } from './device-list.ts';
import { listFound, listRead } from './device-listing.ts';
import type { OnvifResult } from './onvif-reading.ts';

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
  credentials: readonly Credentials[];
  devices: DeviceList;
  /** Aborted when the search is over: nothing is listed after that. */
  signal: AbortSignal;
  onChange: () => void;
  onFault: (key: string, message: string) => void;
}

/** Reads the devices of one search and enters what they told into its list. */
export class DeviceExaminer {
  readonly #options: DeviceExaminerOptions;

  constructor(options: DeviceExaminerOptions) {
    this.#options = options;
  }

  /** Reads a device that is listed already and completes its entry. */
  async examine(key: string, xaddr: string): Promise<void> {
    await this.#list(key, await this.#readWithCredentials(xaddr));
  }

  /** Reads what a person named as a device; listed when it speaks ONVIF. */
  async tryNamed(address: string, xaddr: string): Promise<{ result: OnvifResult; isDevice: boolean }> {
    const result = await this.#readWithCredentials(xaddr);
    const isDevice = speaksOnvif(result);
    if (isDevice) await this.#add(address, xaddr, result);
    return { result, isDevice };
  }

  /** Reads what a scan came upon; it sees credentials only after it has told its time as ONVIF devices do without them. */
  async tryScanned(address: string, xaddr: string): Promise<void> {
    const { client, credentials, signal } = this.#options;
    const open = await client.read(xaddr, null, { signal });
    if (!open.ok && open.clockDriftSec === null) return;
    const wantsSignIn = !open.ok && open.failure === 'auth-required' && credentials.length > 0;
    await this.#add(address, xaddr, wantsSignIn ? await this.#readWithCredentials(xaddr) : open);
  }

  /** Lists a host that a person named and that could not be read, with the reason. */
  async listUnread(address: string, xaddr: string, result: OnvifResult): Promise<void> {
    await this.#add(address, xaddr, result);
  }

  async #add(address: string, xaddr: string, result: OnvifResult): Promise<void> {
    const { devices, signal } = this.#options;
    const endpointId = result.ok ? result.reading.endpointId : null;
    if (signal.aborted) return;
    if (devices.add(xaddr, listFound({ endpointId, address, xaddr, name: null, hardware: null }))) {
      await this.#list(xaddr, result);
    }
  }

  /** Tries the credentials in order and stops at the first that works; the client keeps count of refusals. */
  async #readWithCredentials(xaddr: string): Promise<OnvifResult> {
    const { client, credentials, signal } = this.#options;
    const [first, ...others] = credentials;
    let result = await client.read(xaddr, first ?? null, { signal });
    for (const next of others) {
      if (result.ok || (result.failure !== 'auth-failed' && result.failure !== 'auth-paused')) break;
      result = await client.read(xaddr, next, { signal });
    }
    return result;
  }

  async #list(key: string, result: OnvifResult): Promise<void> {
    const { devices, signal, onChange } = this.#options;
    const before = devices.get(key);
    if (!before) return;
    const device = listRead(before, result);
    const registeredCameraId = await this.#registered(device);
    if (signal.aborted) return;
    devices.update(key, { ...device, registeredCameraId });
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

/** True when something that speaks ONVIF was there, readable or not. */
function speaksOnvif(result: OnvifResult): boolean {
  return result.ok || result.failure.startsWith('auth-') || result.clockDriftSec !== null;
}
