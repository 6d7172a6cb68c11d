import type { Clock } from '../base/clock.ts';
import { isGatewayError, messageOf } from '../base/gateway-error.ts';
import type { NetworkGuard } from '../base/network-guard.ts';
import type { DiscoveryJob } from '../contract/discovery.ts';
import type { ConcurrencyLimit } from './concurrency-limit.ts';
import { DeviceList } from './device-list.ts';
import { DeviceExaminer } from './device-examiner.ts';
import type { DeviceReading, RegisteredCameras } from './device-examiner.ts';
import { listFound } from './device-listing.ts';
import type { OnvifResult } from './onvif-reading.ts';
import type { PreviewSource } from './preview-source.ts';
import type { SearchPlan } from './search-plan.ts';
import type { SignInCandidate } from './sign-in-candidates.ts';
import { serviceAt } from './targets.ts';
import type { HostTarget } from './targets.ts';
import { isPortOpen } from './tcp-probe-session.ts';
import type { FoundDevice } from './ws-discovery/found-device.ts';
import { MulticastProbeSession } from './ws-discovery/multicast-probe-session.ts';

export interface DiscoveryRunOptions {
  id: string;
  clock: Clock;
  client: DeviceReading;
  guard: NetworkGuard;
  registered: RegisteredCameras;
  plan: SearchPlan;
  candidates: readonly SignInCandidate[];
  /** Shared by all searches: readings at once. */
  reads: ConcurrencyLimit;
  onChange: () => void;
  onFault: (key: string, message: string) => void;
}

/** Sockets that a scan opens at once, and how long each may take: a device on the site's network answers in milliseconds. */
const SCAN_SOCKETS = 64;
const CONNECT_TIMEOUT_MS = 1000;
/** Hosts that were named are worth a longer wait. */
const HOST_CONNECT_TIMEOUT_MS = 3000;

/** One search from start to end, bounded in devices, sockets and readings; keeps its result until it is dropped. */
export class DiscoveryRun {
  readonly #options: DiscoveryRunOptions;
  readonly #devices: DeviceList;
  readonly #end = new AbortController();
  readonly #examiner: DeviceExaminer;
  readonly #pending = new Set<Promise<void>>();
  readonly #progress = { done: 0, total: 0 };
  #state: DiscoveryJob['state'] = 'running';
  #error: string | null = null;

  constructor(options: DiscoveryRunOptions) {
    this.#options = options;
    this.#devices = new DeviceList(options.id);
    const { client, registered, candidates, onChange, onFault } = options;
    const { signal } = this.#end;
    this.#examiner = new DeviceExaminer({
      client,
      registered,
      candidates,
      devices: this.#devices,
      signal,
      onChange,
      onFault,
    });
  }

  /** Resolves when the search is over; never rejects. */
  async start(): Promise<void> {
    try {
      await this.#search();
      while (this.#pending.size > 0) await Promise.all(this.#pending);
      this.#finish('done', null);
    } catch (error) {
      this.#finish('failed', messageOf(error));
    }
  }

  /** Ends the search now; what was found stays. False when it was over already. */
  cancel(state: 'done' | 'failed', reason: string): boolean {
    if (this.#state !== 'running') return false;
    this.#finish(state, reason);
    this.#end.abort();
    return true;
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  /** Where the picture of the device with this number comes from. */
  preview(number: number): PreviewSource | undefined {
    return this.#devices.preview(number);
  }

  /** The job as it stands, for the API; a copy. */
  snapshot(): DiscoveryJob {
    return {
      id: this.#options.id,
      state: this.#state,
      progress: { ...this.#progress },
      devices: this.#devices.toArray(),
      error: this.#error,
    };
  }

  #search(): Promise<void> {
    const { plan } = this.#options;
    switch (plan.method) {
      case 'multicast':
        return this.#multicast(plan.interfaceAddresses, plan.timeoutMs);
      case 'host':
        return this.#hosts(plan.targets);
      case 'scan':
        return this.#scan(plan.addresses, plan.ports);
      default:
        return plan satisfies never;
    }
  }

  async #multicast(interfaceAddresses: string[], timeoutMs: number): Promise<void> {
    const { clock, guard, onFault } = this.#options;
    let faults = 0;
    let fault = '';
    const session = new MulticastProbeSession({
      clock,
      interfaceAddresses,
      timeoutMs,
      signal: this.#end.signal,
      onFound: (found) => {
        if (guard.allows(found.address)) this.#take(found.endpointId ?? found.xaddr, found);
        else
          onFault(
            'outside',
            `a device at ${found.address} answered from outside discovery.allowedNetworks and was left out`,
          );
      },
      onInterfaceFault: (address, message) => {
        faults += 1;
        fault = `the search on ${address} failed: ${message}`;
        onFault(`search ${address}`, fault);
      },
    });
    await session.run();
    if (faults > 0 && this.#progress.total === 0) this.#error = fault;
  }

  /** Lists a device that answered a probe and reads it when its turn comes. */
  #take(key: string, found: FoundDevice): void {
    if (!this.running || !this.#devices.add(key, listFound(found))) return;
    this.#progress.total += 1;
    this.#later(async () => {
      await this.#examiner.examine(key, found.xaddr);
      this.#progress.done += 1;
    });
    this.#options.onChange();
  }

  async #hosts(targets: readonly HostTarget[]): Promise<void> {
    this.#progress.total = targets.length;
    for (const target of targets) {
      this.#later(async () => {
        await this.#askHost(target);
        this.#progress.done += 1;
      });
    }
    await Promise.all(this.#pending);
  }

  async #askHost(target: HostTarget): Promise<void> {
    const unread = (address: string, result: OnvifResult): Promise<void> =>
      this.#examiner.listUnread(address, target.xaddrs[0] ?? serviceAt(target.host, 80), result);
    let address: string;
    try {
      address = await this.#options.guard.resolve(target.host);
    } catch (error) {
      const failure = isGatewayError(error, 'address-not-allowed') ? 'address-not-allowed' : 'unreachable';
      return unread(target.host, { ok: false, failure, message: messageOf(error), clockDriftSec: null });
    }
    const open = await this.#openServices(address, target.xaddrs);
    let found = 0;
    let last = nothingAt(target);
    for (const xaddr of open) {
      const { result, isDevice } = await this.#examiner.tryNamed(address, xaddr);
      if (isDevice) found += 1;
      else last = result;
      if (found > 0 && !target.everyPort) return;
    }
    if (found === 0) await unread(address, last);
  }

  /** Those of a host's service addresses whose port is open, in their order. */
  async #openServices(address: string, xaddrs: readonly string[]): Promise<string[]> {
    const { clock } = this.#options;
    const timeoutMs = HOST_CONNECT_TIMEOUT_MS;
    const open = await Promise.all(
      xaddrs.map((xaddr) =>
        isPortOpen({ clock, address, port: portOf(xaddr), timeoutMs, signal: this.#end.signal }),
      ),
    );
    return xaddrs.filter((_, index) => open[index]);
  }

  async #scan(addresses: readonly string[], ports: readonly number[]): Promise<void> {
    this.#progress.total = addresses.length;
    const waiting = addresses.values();
    const worker = async (): Promise<void> => {
      for (const address of waiting) {
        if (this.#end.signal.aborted) return;
        await this.#scanAddress(address, ports);
      }
    };
    const workers = Math.max(1, Math.floor(SCAN_SOCKETS / Math.max(1, ports.length)));
    await Promise.all(Array.from({ length: workers }, worker));
  }

  async #scanAddress(address: string, ports: readonly number[]): Promise<void> {
    const { clock } = this.#options;
    const timeoutMs = CONNECT_TIMEOUT_MS;
    const open = await Promise.all(
      ports.map((port) => isPortOpen({ clock, address, port, timeoutMs, signal: this.#end.signal })),
    );
    const services = ports.filter((_, index) => open[index]).map((port) => serviceAt(address, port));
    if (services.length > 0) {
      this.#later(async () => {
        for (const xaddr of services) await this.#examiner.tryScanned(address, xaddr);
        this.#progress.done += 1;
      });
      return;
    }
    this.#progress.done += 1;
    this.#options.onChange();
  }

  /** Runs a task among the bounded readings; the search waits for it at its end. */
  #later(task: () => Promise<void>): void {
    const running = this.#options.reads
      .run(async () => {
        if (!this.#end.signal.aborted) await task();
      })
      .catch((error: unknown) => this.#options.onFault('reading', messageOf(error)))
      .finally(() => {
        this.#pending.delete(running);
        this.#options.onChange();
      });
    this.#pending.add(running);
  }

  #finish(state: 'done' | 'failed', error: string | null): void {
    if (this.#state !== 'running') return;
    this.#state = state;
    this.#error = error ?? this.#error;
  }
}

function nothingAt({ named, xaddrs }: HostTarget): OnvifResult {
  const message = `nothing answers at ${named} (tried port ${xaddrs.map(portOf).join(', ')})`;
  return { ok: false, failure: 'unreachable', message, clockDriftSec: null };
}

function portOf(xaddr: string): number {
  const { port, protocol } = new URL(xaddr);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
