import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { readAnnouncements } from './announcement.ts';
import { toFoundDevice } from './found-device.ts';
import type { FoundDevice } from './found-device.ts';
import { probeMessage, wsDiscoveryPort } from './probe-message.ts';

/** More answers than asked hosts give; past this, someone is flooding. */
const MOST_DATAGRAMS = 20_000;

/**
 * Asks single hosts by WS-Discovery over UDP, one small message for each type; answers count only from hosts that were
 * asked. Lives from `start()` to `stop()`.
 */
export class UnicastProbeSession {
  readonly #onFound: (device: FoundDevice) => void;
  readonly #asked = new Set<string>();
  readonly #sockets = new Map<4 | 6, Socket>();
  #datagrams = 0;

  constructor(onFound: (device: FoundDevice) => void) {
    this.#onFound = onFound;
  }

  /** Asks the host at this literal address; what cannot be sent is lost, as UDP is. */
  ask(address: string): void {
    this.#asked.add(address);
    const socket = this.#socket(isIPv6(address) ? 6 : 4);
    const types = ['dn:NetworkVideoTransmitter', 'tds:Device'] as const;
    for (const type of types) {
      socket.send(probeMessage(`urn:uuid:${randomUUID()}`, type), wsDiscoveryPort, address, () => undefined);
    }
  }

  stop(): void {
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
  }

  #socket(family: 4 | 6): Socket {
    const present = this.#sockets.get(family);
    if (present) return present;
    const socket = createSocket({ type: family === 4 ? 'udp4' : 'udp6' });
    // Refused and unreachable hosts come back as errors of the socket.
    socket.on('error', () => undefined);
    socket.on('message', (datagram, { address }) => this.#receive(datagram, address));
    this.#sockets.set(family, socket);
    return socket;
  }

  #receive(datagram: Buffer, address: string): void {
    this.#datagrams += 1;
    if (this.#datagrams > MOST_DATAGRAMS || !this.#asked.has(address)) return;
    for (const announcement of readAnnouncements(datagram)) {
      const device = announcement.kind === 'match' ? toFoundDevice(announcement, address, []) : null;
      if (device) this.#onFound(device);
    }
  }
}
