import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import type { NetworkGuard } from '../../base/network-guard.ts';
import type { Credentials } from '../../contract/discovery.ts';
import type { OnvifResult } from '../onvif-reading.ts';
import { DeviceAccess } from './device-access.ts';
import type { OnvifDevice, UseLimits } from './device-access.ts';
import { DeviceReader } from './device-reader.ts';
import { fetchSnapshot } from './snapshot-request.ts';
import type { OnvifSnapshot } from './snapshot-request.ts';

export interface OnvifClientOptions {
  clock: Clock;
  guard: NetworkGuard;
  logger: Logger;
  /** Time for one question, ms; default 8000. */
  requestTimeoutMs?: number;
  /** Time for a whole reading, ms; default 45000. */
  readTimeoutMs?: number;
}

/** What a reading may be told besides address and credentials. */
export interface ReadOptions extends Pick<OnvifDevice, 'certificateSha256' | 'endpointId'> {
  signal?: AbortSignal | undefined;
}

/** Reads ONVIF devices and their pictures; one for the gateway, since it remembers refused passwords. */
export class OnvifClient {
  /** For `OnvifControl`, which shares the count of refused passwords. */
  readonly access: DeviceAccess;
  readonly #options: OnvifClientOptions;

  constructor(options: OnvifClientOptions) {
    this.#options = options;
    this.access = new DeviceAccess(options);
  }

  /**
   * Reads all that registration wants to know of the device at `xaddr`. A wrong password costs one refused request;
   * a device that refused twice within five minutes, or these very credentials once, is not tried (`auth-paused`).
   * A device that sends HTTP to HTTPS is read there; the reading's `xaddr` says where it was.
   */
  async read(
    xaddr: string,
    credentials: Credentials | null,
    options: ReadOptions = {},
  ): Promise<OnvifResult> {
    const result = await this.#readAt(xaddr, credentials, options);
    if (result.ok || !result.movedTo) return result;
    return this.#readAt(result.movedTo, credentials, options);
  }

  async #readAt(xaddr: string, credentials: Credentials | null, options: ReadOptions): Promise<OnvifResult> {
    const { clock } = this.#options;
    const device = { ...options, xaddr, credentials };
    const result = await this.access.use(device, this.#limits(options.signal), ({ session, address }) =>
      new DeviceReader({ clock, session: session(), xaddr, address }).read(),
    );
    return 'failure' in result && !('clockDriftSec' in result) ? { ...result, clockDriftSec: null } : result;
  }

  /** Fetches a JPEG from the camera's snapshot URI: Digest first, Basic only where nothing else is offered. */
  snapshot(uri: string, credentials: Credentials | null, options: ReadOptions = {}): Promise<OnvifSnapshot> {
    const device = { ...options, xaddr: uri, credentials };
    return this.access.use(device, this.#limits(options.signal), (use) =>
      fetchSnapshot({ ...use, uri, credentials }),
    );
  }

  #limits(signal: AbortSignal | undefined): UseLimits {
    const { requestTimeoutMs = 8000, readTimeoutMs = 45_000 } = this.#options;
    return { requestTimeoutMs, useTimeoutMs: readTimeoutMs, signal, lane: 'reading' };
  }
}
