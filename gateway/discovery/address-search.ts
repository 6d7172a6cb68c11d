import { isIPv6 } from 'node:net';
import type { Clock } from '../base/clock.ts';
import { delay } from '../base/clock.ts';
import { isGatewayError, messageOf } from '../base/gateway-error.ts';
import type { NetworkGuard } from '../base/network-guard.ts';
import type { DeviceExaminer } from './device-examiner.ts';
import type { DeviceList } from './device-list.ts';
import { listRtspServer } from './device-listing.ts';
import type { OnvifResult } from './onvif-reading.ts';
import { probeRtsp } from './rtsp-probe-session.ts';
import { isOnvifPort, isRtspPort, otherScheme, portOf, serviceAt, usualRtspPorts } from './targets.ts';
import type { HostTarget } from './targets.ts';
import { isPortOpen } from './tcp-probe-session.ts';
import type { FoundDevice } from './ws-discovery/found-device.ts';
import { UnicastProbeSession } from './ws-discovery/unicast-probe-session.ts';

export interface AddressSearchOptions {
  clock: Clock;
  guard: NetworkGuard;
  examiner: DeviceExaminer;
  devices: DeviceList;
  signal: AbortSignal;
  /** Takes in a device that answered a probe. */
  onFound: (device: FoundDevice) => void;
  /** Runs a task among the bounded readings. */
  later: (task: () => Promise<void>) => void;
}

/** A device on the site's network answers in milliseconds; hosts that were named are worth a longer wait. */
const CONNECT_TIMEOUT_MS = 1000;
const HOST_CONNECT_TIMEOUT_MS = 3000;
const RTSP_TIMEOUT_MS = 3000;
/** How long a named host may take to answer by UDP before its usual ports are tried. */
const UDP_HEAD_START_MS = 400;

/** Looks for devices at single addresses: by a WS-Discovery probe, by ONVIF over HTTP, by RTSP; one for a search. */
export class AddressSearch {
  readonly #options: AddressSearchOptions;
  readonly #probes: UnicastProbeSession;
  /** Service addresses that hosts answered with over UDP. */
  readonly #answers = new Map<string, string[]>();

  constructor(options: AddressSearchOptions) {
    this.#options = options;
    this.#probes = new UnicastProbeSession((found) => this.#answered(found));
  }

  stop(): void {
    this.#probes.stop();
  }

  /** Looks at one address of a network: whoever has an open port is read later, among the others; `done` when that is over. */
  async scan(address: string, ports: readonly number[], done: () => void): Promise<void> {
    const { clock, signal, later } = this.#options;
    this.#probes.ask(address);
    const timeoutMs = CONNECT_TIMEOUT_MS;
    const open = await Promise.all(
      ports.map((port) => isPortOpen({ clock, address, port, timeoutMs, signal })),
    );
    const openPorts = ports.filter((_, index) => open[index]);
    if (openPorts.length === 0) return done();
    later(async () => {
      await this.#examinePorts(address, openPorts);
      done();
    });
  }

  /** Asks a host that a person named; it is listed whatever comes of it. */
  async host(target: HostTarget): Promise<void> {
    const { examiner, guard } = this.#options;
    const unread = (address: string, result: OnvifResult): Promise<void> =>
      examiner.listUnread(address, target.xaddrs[0] ?? serviceAt(target.host, 80), result);
    let address: string;
    try {
      address = await guard.resolve(target.host);
    } catch (error) {
      const failure = isGatewayError(error, 'address-not-allowed') ? 'address-not-allowed' : 'unreachable';
      return unread(target.host, { ok: false, failure, message: messageOf(error), clockDriftSec: null });
    }
    const udp = target.portsGiven ? [] : await this.#askByUdp(address);
    const open = udp.length > 0 ? [] : await this.#openServices(address, target.xaddrs);
    let found = udp.length;
    let last = nothingAt(target);
    for (const xaddr of open) {
      const { result, isDevice } = await examiner.tryNamed(address, xaddr);
      if (isDevice) found += 1;
      else last = result;
      if (found > 0 && !target.everyPort) return;
    }
    if (found > 0) return;
    const rtspPorts = target.portsGiven ? open.map(portOf) : usualRtspPorts;
    if (!(await this.#tryRtsp(address, rtspPorts))) await unread(address, last);
  }

  async #askByUdp(address: string): Promise<string[]> {
    this.#probes.ask(address);
    await delay(this.#options.clock, UDP_HEAD_START_MS, this.#options.signal);
    return this.#answers.get(address) ?? [];
  }

  #answered(found: FoundDevice): void {
    const known = this.#answers.get(found.address) ?? [];
    if (known.includes(found.xaddr)) return;
    this.#answers.set(found.address, [...known, found.xaddr]);
    this.#options.onFound(found);
  }

  async #examinePorts(address: string, openPorts: readonly number[]): Promise<void> {
    const rest: number[] = [];
    for (const port of openPorts) {
      const isDevice = !isRtspPort(port) && (await this.#tryOnvif(address, port));
      if (!isDevice && !isOnvifPort(port)) rest.push(port);
    }
    // What speaks ONVIF is not listed once more for its stream.
    if (!this.#options.devices.hasAddress(address)) await this.#tryRtsp(address, rest);
  }

  async #tryOnvif(address: string, port: number): Promise<boolean> {
    const { devices, examiner } = this.#options;
    const xaddr = serviceAt(address, port);
    for (const each of [xaddr, otherScheme(xaddr)]) {
      if (devices.hasXaddr(each) || (await examiner.tryScanned(address, each))) return true;
    }
    return false;
  }

  /** Lists the RTSP servers at these ports; true when there is one. */
  async #tryRtsp(address: string, ports: readonly number[]): Promise<boolean> {
    const { clock, signal, examiner } = this.#options;
    let found = false;
    for (const port of ports) {
      const told = await probeRtsp({ clock, address, port, timeoutMs: RTSP_TIMEOUT_MS, signal });
      if (!told) continue;
      found = true;
      const host = isIPv6(address) ? `[${address}]` : address;
      await examiner.listRtsp(listRtspServer(address, `rtsp://${host}:${port}/`, told));
    }
    return found;
  }

  /** Those of a host's service addresses whose port is open, in their order. */
  async #openServices(address: string, xaddrs: readonly string[]): Promise<string[]> {
    const { clock, signal } = this.#options;
    const timeoutMs = HOST_CONNECT_TIMEOUT_MS;
    const open = await Promise.all(
      xaddrs.map((xaddr) => isPortOpen({ clock, address, port: portOf(xaddr), timeoutMs, signal })),
    );
    return xaddrs.filter((_, index) => open[index]);
  }
}

function nothingAt({ named, xaddrs }: HostTarget): OnvifResult {
  const message = `nothing answers at ${named} (tried port ${xaddrs.map(portOf).join(', ')})`;
  return { ok: false, failure: 'unreachable', message, clockDriftSec: null };
}
