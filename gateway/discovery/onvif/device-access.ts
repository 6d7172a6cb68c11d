import type { Clock } from '../../base/clock.ts';
import { isGatewayError, messageOf } from '../../base/gateway-error.ts';
import type { NetworkGuard } from '../../base/network-guard.ts';
import type { Credentials } from '../../contract/discovery.ts';
import { DeviceSession } from './device-session.ts';
import type { SessionMemory } from './device-session.ts';
import { RefusedTries } from './refused-tries.ts';
import { SoapTransport, bareHost } from './soap-transport.ts';

/** A device and how it is signed in to. */
export interface OnvifDevice {
  /** Address of its device service. */
  xaddr: string;
  /** Null: it is asked without. */
  credentials: Credentials | null;
  /** The certificate accepted at registration (SHA-256, lower-case hex); null or absent: any is accepted. */
  certificateSha256?: string | null;
  /** Its endpoint id where known: wrong passwords are then counted over all addresses of the device. */
  endpointId?: string | null;
}

/** One use of a device: everything it needs, closed when the use is over. */
export interface DeviceUse {
  transport: SoapTransport;
  /** The address that the host was resolved to. */
  address: string;
  /** Names under which refused passwords are counted. */
  countedAs: readonly string[];
  refusedTries: RefusedTries;
  session: (memory?: SessionMemory) => DeviceSession;
}

/** How long a use may take, and what ends it before. */
export interface UseLimits {
  requestTimeoutMs: number;
  useTimeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Uses with the same lane of one device take turns, so that refusals are counted before the next try. */
  lane: 'reading' | 'control';
}

export type Unreachable = { ok: false; failure: 'unreachable' | 'address-not-allowed'; message: string };

/** The door to all devices: checks their addresses, lets uses take turns, counts refusals; lives as long as the gateway. */
export class DeviceAccess {
  readonly #clock: Clock;
  readonly #guard: NetworkGuard;
  readonly #refusedTries: RefusedTries;
  /** The end of the last use of each device and lane. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor({ clock, guard }: { clock: Clock; guard: NetworkGuard }) {
    this.#clock = clock;
    this.#guard = guard;
    this.#refusedTries = new RefusedTries(clock);
  }

  /** Opens the device (`xaddr` may be any of its HTTP addresses) for the length of `task`. */
  async use<Result>(
    device: OnvifDevice,
    limits: UseLimits,
    task: (use: DeviceUse) => Promise<Result>,
  ): Promise<Result | Unreachable> {
    const target = httpTarget(device.xaddr);
    if (!target) return { ok: false, failure: 'unreachable', message: 'this is no http or https address' };
    let address: string;
    try {
      address = await this.#guard.resolve(target.host);
    } catch (error) {
      const failure = isGatewayError(error, 'address-not-allowed') ? 'address-not-allowed' : 'unreachable';
      return { ok: false, failure, message: messageOf(error) };
    }
    const name = `${address}:${target.port}`;
    return this.#inTurn(`${limits.lane} ${name}`, () =>
      this.#open({ device, host: target.host, address, name }, limits, task),
    );
  }

  async #open<Result>(
    { device, host, address, name }: { device: OnvifDevice; host: string; address: string; name: string },
    { requestTimeoutMs, useTimeoutMs, signal }: UseLimits,
    task: (use: DeviceUse) => Promise<Result>,
  ): Promise<Result> {
    const clock = this.#clock;
    const end = new AbortController();
    const cancel = clock.after(useTimeoutMs, () => end.abort());
    const transport = new SoapTransport({
      clock,
      host,
      address,
      deadlineMs: requestTimeoutMs,
      signal: AbortSignal.any(signal ? [end.signal, signal] : [end.signal]),
      pinnedSha256: device.certificateSha256?.toLowerCase() ?? null,
    });
    const countedAs = device.endpointId ? [name, device.endpointId] : [name];
    const shared = { refusedTries: this.#refusedTries, countedAs };
    const { credentials } = device;
    const session = (memory?: SessionMemory): DeviceSession =>
      new DeviceSession({ ...shared, clock, transport, credentials, memory });
    try {
      return await task({ ...shared, transport, address, session });
    } finally {
      cancel();
      await transport.close();
    }
  }

  async #inTurn<Result>(name: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#turns.get(name) ?? Promise.resolve();
    const mine = before.then(task, task);
    this.#turns.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#turns.get(name) === mine) this.#turns.delete(name);
    }
  }
}

function httpTarget(url: string): { host: string; port: string } | null {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return null;
  return { host: bareHost(hostname), port: port || (protocol === 'https:' ? '443' : '80') };
}
