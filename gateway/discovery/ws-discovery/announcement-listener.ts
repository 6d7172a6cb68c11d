import type { Socket } from 'node:dgram';
import type { CancelTimer, Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Unsubscribe } from '../../base/emitter.ts';
import { ErrorTally } from '../../base/error-tally.ts';
import { messageOf } from '../../base/gateway-error.ts';
import type { Logger } from '../../base/logger.ts';
import type { NetworkGuard } from '../../base/network-guard.ts';
import { readAnnouncements } from './announcement.ts';
import { toFoundDevice } from './found-device.ts';
import type { FoundDevice } from './found-device.ts';
import { openGroupSocket } from './multicast-socket.ts';
import { presentInterfaces } from './search-interfaces.ts';
import type { SearchInterface } from './search-interfaces.ts';

/** A device that told of itself: `hello` when it starts or got a new address, `bye` when it leaves, `match` when a search found it. */
export interface DeviceAnnouncement extends FoundDevice {
  kind: 'hello' | 'bye' | 'match';
}

/** Tells of devices as they come, move and go; what the fleet listens to so that a camera with a new address is found again. */
export interface Announcements {
  onAnnouncement(listener: (announcement: DeviceAnnouncement) => void): Unsubscribe;
}

export interface AnnouncementListenerOptions {
  clock: Clock;
  logger: Logger;
  guard: Pick<NetworkGuard, 'allows'>;
  /** Names (or own addresses) of the interfaces to listen on; empty: all but the loopback. */
  interfaces: readonly string[];
}

/** Interfaces come and go (VLANs, VPNs): looked at anew so often. */
const LOOK_INTERVAL_MS = 60_000;
/** A device says Hello several times; the same news counts once in this time. */
const SAME_NEWS_MS = 10_000;
const MOST_NEWS = 2000;
const MOST_DATAGRAMS_A_SECOND = 200;

/**
 * Hears Hello and Bye (WS-Discovery 2005/04, section 4) on every interface, IPv4 and IPv6, as long as the gateway runs.
 * A machine on which that cannot be heard is logged, not fatal. An announcement proves nothing: whoever acts on one
 * asks the device itself.
 */
export class AnnouncementListener implements Announcements {
  readonly #options: AnnouncementListenerOptions;
  readonly #listeners: Emitter<DeviceAnnouncement>;
  readonly #faults: ErrorTally;
  readonly #sockets = new Map<string, Socket>();
  readonly #news = new Map<string, number>();
  #second = { startMs: 0, datagrams: 0 };
  #cancel: CancelTimer | undefined;
  #stopped = false;

  constructor(options: AnnouncementListenerOptions) {
    const { clock, logger } = options;
    this.#options = options;
    this.#listeners = new Emitter((error) =>
      logger.error({ error: messageOf(error) }, 'a listener of announcements failed'),
    );
    this.#faults = new ErrorTally(clock, (key, count, message) => logger.warn({ key, count }, message));
  }

  async start(): Promise<void> {
    await this.#look();
    this.#cancel = this.#options.clock.every(LOOK_INTERVAL_MS, () => void this.#look());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
    this.#faults.stop();
  }

  onAnnouncement(listener: (announcement: DeviceAnnouncement) => void): Unsubscribe {
    return this.#listeners.subscribe(listener);
  }

  /** Passes on a device that a search came upon. */
  found(device: FoundDevice): void {
    this.#tell({ ...device, kind: 'match' });
  }

  /** Joins interfaces that are new and leaves those that are gone. */
  async #look(): Promise<void> {
    const { interfaces, guard } = this.#options;
    const present = new Map(presentInterfaces(interfaces, guard).map((each) => [each.address, each]));
    for (const [address, socket] of this.#sockets) {
      if (present.has(address)) continue;
      socket.close();
      this.#sockets.delete(address);
    }
    for (const from of present.values()) if (!this.#sockets.has(from.address)) await this.#join(from);
  }

  async #join(from: SearchInterface): Promise<void> {
    const fault = (error: unknown): void => {
      this.#faults.add(from.address, `Hello and Bye cannot be heard on ${from.name}: ${messageOf(error)}`);
    };
    try {
      const socket = await openGroupSocket(from, fault);
      if (this.#stopped) return void socket.close();
      socket.on('message', (datagram, { address }) => this.#receive(datagram, address, from));
      this.#sockets.set(from.address, socket);
    } catch (error) {
      fault(error);
    }
  }

  #receive(datagram: Buffer, address: string, from: SearchInterface): void {
    if (this.#isFlood() || !this.#options.guard.allows(address)) return;
    for (const announcement of readAnnouncements(datagram)) {
      const { kind, endpointId } = announcement;
      if (kind === 'match') continue;
      const device = toFoundDevice(announcement, address, from.onLink);
      if (device) this.#tell({ ...device, kind });
      // A Bye needs to say no more than who leaves.
      else if (kind === 'bye' && endpointId !== null) {
        this.#tell({ kind, endpointId, address, xaddr: '', name: null, hardware: null });
      }
    }
  }

  #isFlood(): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#second.startMs >= 1000) this.#second = { startMs: nowMs, datagrams: 0 };
    this.#second.datagrams += 1;
    return this.#second.datagrams > MOST_DATAGRAMS_A_SECOND;
  }

  #tell(announcement: DeviceAnnouncement): void {
    const nowMs = this.#options.clock.monotonicMs();
    const { kind, endpointId, xaddr, address } = announcement;
    const key = JSON.stringify([kind, endpointId, xaddr, address]);
    const toldMs = this.#news.get(key);
    if (toldMs !== undefined && nowMs - toldMs < SAME_NEWS_MS) return;
    this.#news.delete(key);
    this.#news.set(key, nowMs);
    const oldest = this.#news.size > MOST_NEWS ? this.#news.keys().next() : null;
    if (oldest && !oldest.done) this.#news.delete(oldest.value);
    this.#listeners.emit(announcement);
  }
}
