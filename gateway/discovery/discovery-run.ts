import type { Clock } from '../base/clock.ts';
import { delay } from '../base/clock.ts';
import { messageOf } from '../base/gateway-error.ts';
import type { NetworkGuard } from '../base/network-guard.ts';
import type { DiscoveryJob } from '../contract/discovery.ts';
import { AddressSearch } from './address-search.ts';
import type { ConcurrencyLimit } from './concurrency-limit.ts';
import { DeviceExaminer } from './device-examiner.ts';
import type { DeviceReading, RegisteredCameras } from './device-examiner.ts';
import { DeviceList } from './device-list.ts';
import { listFound, listLinkLocal } from './device-listing.ts';
import type { PreviewSource } from './preview-source.ts';
import type { SearchPlan } from './search-plan.ts';
import type { SignInCandidate } from './sign-in-candidates.ts';
import type { HostTarget } from './targets.ts';
import type { FoundDevice } from './ws-discovery/found-device.ts';
import { MulticastProbeSession } from './ws-discovery/multicast-probe-session.ts';
import { isLinkLocal } from './ws-discovery/search-interfaces.ts';
import type { SearchInterface } from './ws-discovery/search-interfaces.ts';

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
  /** Told of every device that answers a probe. */
  onHeard: (device: FoundDevice) => void;
  onFault: (key: string, message: string) => void;
}

/** Sockets that a scan opens at once. */
const SCAN_SOCKETS = 256;
/** After the last address, for answers that are on their way. */
const LAST_ANSWERS_MS = 300;

/** One search from start to end, bounded in devices, sockets and readings; keeps its result until it is dropped. */
export class DiscoveryRun {
  readonly #options: DiscoveryRunOptions;
  readonly #devices: DeviceList;
  readonly #end = new AbortController();
  readonly #examiner: DeviceExaminer;
  readonly #addresses: AddressSearch;
  /** Readings of devices that answered probes, by key; a second address waits for the first's. */
  readonly #firstReadings = new Map<string, Promise<void>>();
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
    this.#addresses = new AddressSearch({
      ...options,
      examiner: this.#examiner,
      devices: this.#devices,
      signal,
      onFound: (found) => this.#take(found, false),
      later: (task) => void this.#later(task),
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
    } finally {
      this.#addresses.stop();
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

  get deviceCount(): number {
    return this.#devices.size;
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
        return this.#multicast(plan.interfaces, plan.timeoutMs);
      case 'host':
        return this.#hosts(plan.targets);
      case 'scan':
        return this.#scan(plan.addresses, plan.ports);
      default:
        return plan satisfies never;
    }
  }

  async #multicast(interfaces: readonly SearchInterface[], timeoutMs: number): Promise<void> {
    const { clock, onFault } = this.#options;
    let fault: string | null = null;
    const session = new MulticastProbeSession({
      clock,
      interfaces,
      timeoutMs,
      signal: this.#end.signal,
      onFound: (found) => this.#take(found, true),
      onInterfaceFault: ({ name, address, family }, message) => {
        const told = `the search on ${name} (${address}) failed: ${message}`;
        // IPv6 is often switched off; that keeps nobody from finding cameras.
        if (family === 4) fault = told;
        onFault(`search ${address}`, told);
      },
    });
    await session.run();
    if (this.#progress.total === 0) this.#error = fault;
  }

  /** Lists a device that answered a probe and reads it when its turn comes; `counts`: its reading is part of the progress. */
  #take(found: FoundDevice, counts: boolean): void {
    const { guard, onFault, onHeard, onChange } = this.#options;
    if (!this.running) return;
    if (!guard.allows(found.address)) {
      const message = `a device at ${found.address} answered from outside discovery.allowedNetworks and was left out`;
      return onFault('outside', message);
    }
    onHeard(found);
    const key = found.endpointId ?? found.xaddr;
    if (isLinkLocal(found.address)) {
      if (this.#devices.add(key, listLinkLocal(found))) onChange();
      return;
    }
    if (this.#devices.hasXaddr(found.xaddr)) return;
    if (this.#devices.add(key, listFound(found)) || this.#devices.replaceLinkLocal(key, listFound(found))) {
      this.#firstReadings.set(
        key,
        this.#readLater(() => this.#examiner.examine(key, found.xaddr), counts),
      );
      onChange();
    } else this.#takeTwin(key, found, counts);
  }

  /** A second address with the endpoint id of a listed device, looked at when that one has been read. */
  #takeTwin(key: string, found: FoundDevice, counts: boolean): void {
    const twinKey = `${key} ${found.xaddr}`;
    const first = this.#firstReadings.get(key);
    if (!first || this.#firstReadings.has(twinKey)) return;
    const examine = async (): Promise<void> => {
      await first;
      await this.#readLater(() => this.#examiner.examineTwin(key, twinKey, found), counts);
    };
    this.#firstReadings.set(twinKey, this.#await(examine()));
  }

  #readLater(read: () => Promise<void>, counts: boolean): Promise<void> {
    if (counts) this.#progress.total += 1;
    return this.#later(async () => {
      await read();
      if (counts) this.#progress.done += 1;
    });
  }

  async #hosts(targets: readonly HostTarget[]): Promise<void> {
    this.#progress.total = targets.length;
    for (const target of targets) {
      void this.#later(async () => {
        await this.#addresses.host(target);
        this.#progress.done += 1;
      });
    }
    await Promise.all(this.#pending);
  }

  async #scan(addresses: readonly string[], ports: readonly number[]): Promise<void> {
    this.#progress.total = addresses.length;
    const waiting = addresses.values();
    const done = (): void => {
      this.#progress.done += 1;
      this.#options.onChange();
    };
    const worker = async (): Promise<void> => {
      for (const address of waiting) {
        if (this.#end.signal.aborted) return;
        await this.#addresses.scan(address, ports, done);
      }
    };
    const workers = Math.max(1, Math.floor(SCAN_SOCKETS / Math.max(1, ports.length)));
    await Promise.all(Array.from({ length: workers }, worker));
    await delay(this.#options.clock, LAST_ANSWERS_MS, this.#end.signal);
  }

  /** Runs a task among the bounded readings; the search waits for it at its end. */
  #later(task: () => Promise<void>): Promise<void> {
    return this.#await(
      this.#options.reads.run(async () => {
        if (!this.#end.signal.aborted) await task();
      }),
    );
  }

  #await(work: Promise<void>): Promise<void> {
    const running = work
      .catch((error: unknown) => this.#options.onFault('reading', messageOf(error)))
      .finally(() => {
        this.#pending.delete(running);
        this.#options.onChange();
      });
    this.#pending.add(running);
    return running;
  }

  #finish(state: 'done' | 'failed', error: string | null): void {
    if (this.#state !== 'running') return;
    this.#state = state;
    this.#error = error ?? this.#error;
  }
}
