import type { Clock } from '../../base/clock.ts';
import { isGatewayError, messageOf } from '../../base/gateway-error.ts';
import type { Logger } from '../../base/logger.ts';
import type { NetworkGuard } from '../../base/network-guard.ts';
import type { Credentials } from '../../contract/discovery.ts';
import type { OnvifResult } from '../onvif-reading.ts';
import { DeviceReader } from './device-reader.ts';
import { DeviceSession } from './device-session.ts';
import { RefusedTries } from './refused-tries.ts';
import { fetchSnapshot } from './snapshot-request.ts';
import type { OnvifSnapshot } from './snapshot-request.ts';
import { SoapTransport, bareHost } from './soap-transport.ts';

export interface OnvifClientOptions {
  clock: Clock;
  guard: NetworkGuard;
  logger: Logger;
  /** Time for one question, ms; default 8000. */
  requestTimeoutMs?: number;
  /** Time for a whole reading, ms; default 45000. */
  readTimeoutMs?: number;
}

type Unreachable = { ok: false; failure: 'unreachable' | 'address-not-allowed'; message: string };

/** Reads ONVIF devices and their pictures; one for the gateway, since it remembers refused passwords. */
export class OnvifClient {
  readonly #options: OnvifClientOptions;
  readonly #refusedTries: RefusedTries;
  /** The end of the last use of each device: one at a time, so that refusals are counted before the next try. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: OnvifClientOptions) {
    this.#options = options;
    this.#refusedTries = new RefusedTries(options.clock);
  }

  /**
   * Reads all that registration wants to know of the device at `xaddr`. A wrong password costs one refused request;
   * a device that refused twice within five minutes, or these very credentials once, is not tried (`auth-paused`).
   */
  async read(xaddr: string, credentials: Credentials | null, signal?: AbortSignal): Promise<OnvifResult> {
    const result = await this.#withDevice(xaddr, signal, (transport, device, address) => {
      const { clock } = this.#options;
      const session = new DeviceSession({
        clock,
        transport,
        credentials,
        refusedTries: this.#refusedTries,
        device,
      });
      return new DeviceReader({ clock, session, xaddr, address }).read();
    });
    return 'failure' in result && !('clockDriftSec' in result) ? { ...result, clockDriftSec: null } : result;
  }

  /** Fetches a JPEG from the camera's snapshot URI: Digest first, Basic only where nothing else is offered. */
  snapshot(uri: string, credentials: Credentials | null, signal?: AbortSignal): Promise<OnvifSnapshot> {
    return this.#withDevice(uri, signal, (transport, device) =>
      fetchSnapshot({ transport, uri, credentials, refusedTries: this.#refusedTries, device }),
    );
  }

  async #withDevice<Result>(
    url: string,
    signal: AbortSignal | undefined,
    use: (transport: SoapTransport, device: string, address: string) => Promise<Result>,
  ): Promise<Result | Unreachable> {
    const target = httpTarget(url);
    if (!target) return { ok: false, failure: 'unreachable', message: 'this is no http or https address' };
    let address: string;
    try {
      address = await this.#options.guard.resolve(target.host);
    } catch (error) {
      const failure = isGatewayError(error, 'address-not-allowed') ? 'address-not-allowed' : 'unreachable';
      return { ok: false, failure, message: messageOf(error) };
    }
    const device = `${address}:${target.port}`;
    return this.#inTurn(device, () =>
      this.#withTransport(target.host, address, signal, (transport) => use(transport, device, address)),
    );
  }

  async #withTransport<Result>(
    host: string,
    address: string,
    signal: AbortSignal | undefined,
    use: (transport: SoapTransport) => Promise<Result>,
  ): Promise<Result> {
    const { clock, requestTimeoutMs = 8000, readTimeoutMs = 45_000 } = this.#options;
    const end = new AbortController();
    const cancel = clock.after(readTimeoutMs, () => end.abort());
    const signals = signal ? [end.signal, signal] : [end.signal];
    const transport = new SoapTransport({
      clock,
      host,
      address,
      deadlineMs: requestTimeoutMs,
      signal: AbortSignal.any(signals),
    });
    try {
      return await use(transport);
    } finally {
      cancel();
      await transport.close();
    }
  }

  async #inTurn<Result>(device: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#turns.get(device) ?? Promise.resolve();
    const mine = before.then(task, task);
    this.#turns.set(device, mine);
    try {
      return await mine;
    } finally {
      if (this.#turns.get(device) === mine) this.#turns.delete(device);
    }
  }
}

function httpTarget(url: string): { host: string; port: string } | null {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return null;
  return { host: bareHost(hostname), port: port || (protocol === 'https:' ? '443' : '80') };
}
