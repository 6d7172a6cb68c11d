import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { delay } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/gateway-error.ts';
import { readAnnouncements } from './announcement.ts';
import { toFoundDevice } from './found-device.ts';
import type { FoundDevice } from './found-device.ts';
import { probeMessage, probeTypes, wsDiscoveryGroup, wsDiscoveryPort } from './probe-message.ts';
import type { ProbeType } from './probe-message.ts';

export interface MulticastProbeOptions {
  clock: Clock;
  /** Own IPv4 addresses to search from, one socket each. */
  interfaceAddresses: readonly string[];
  /** How long answers are awaited. */
  timeoutMs: number;
  /** Called for each answer of an ONVIF device; the same device may answer many times. */
  onFound: (device: FoundDevice) => void;
  /** Called for an interface that cannot be searched; the others go on. */
  onInterfaceFault: (interfaceAddress: string, message: string) => void;
  /** Where to send; the multicast group unless a single host is asked. */
  target?: { address: string; port: number };
  signal?: AbortSignal;
}

/** Sending times of a round after its start: UDP loses, and some cameras sleep through the first (SOAP-over-UDP 1.1, section 3.4). */
const REPEATS_MS = [0, 150, 500];
/** A second round with new message ids, for devices whose own repeat filter swallowed what they did not answer. */
const SECOND_ROUND = 0.4;
/** More answers than any site gives; past this, someone is flooding. */
const MOST_DATAGRAMS = 20_000;

/** One WS-Discovery search: probes for both device types on each interface and hands on who answers, until its time is over. */
export class MulticastProbeSession {
  readonly #options: MulticastProbeOptions;
  #datagrams = 0;

  constructor(options: MulticastProbeOptions) {
    this.#options = options;
  }

  /** Resolves when the time is over or the signal aborts; never rejects for what happens on the network. */
  async run(): Promise<void> {
    const { interfaceAddresses } = this.#options;
    await Promise.all(interfaceAddresses.map((address) => this.#search(address)));
  }

  async #search(interfaceAddress: string): Promise<void> {
    const { clock, timeoutMs, signal, onInterfaceFault } = this.#options;
    const socket = createSocket({ type: 'udp4' });
    const closed = new AbortController();
    // Without this a late error of the socket would end the process.
    socket.on('error', (error) => onInterfaceFault(interfaceAddress, messageOf(error)));
    socket.on('message', (datagram, from) => this.#receive(datagram, from.address));
    try {
      await open(socket, interfaceAddress);
      const until = signal ? AbortSignal.any([closed.signal, signal]) : closed.signal;
      const rounds = [0, timeoutMs * SECOND_ROUND].map((startMs) =>
        this.#round(socket, interfaceAddress, startMs, until),
      );
      await delay(clock, timeoutMs, signal);
      closed.abort();
      await Promise.all(rounds);
    } catch (error) {
      onInterfaceFault(interfaceAddress, messageOf(error));
    } finally {
      closed.abort();
      socket.close();
    }
  }

  async #round(socket: Socket, interfaceAddress: string, startMs: number, until: AbortSignal): Promise<void> {
    const { clock, target, onInterfaceFault } = this.#options;
    const { address, port } = target ?? { address: wsDiscoveryGroup, port: wsDiscoveryPort };
    const messages = (Object.keys(probeTypes) as ProbeType[]).map((type) =>
      probeMessage(`urn:uuid:${randomUUID()}`, type),
    );
    await delay(clock, startMs, until);
    let waitedMs = 0;
    for (const atMs of REPEATS_MS) {
      await delay(clock, atMs - waitedMs, until);
      waitedMs = atMs;
      if (until.aborted) return;
      for (const message of messages) {
        socket.send(message, port, address, (error) => {
          if (error && !until.aborted) onInterfaceFault(interfaceAddress, messageOf(error));
        });
      }
    }
  }

  #receive(datagram: Buffer, from: string): void {
    this.#datagrams += 1;
    if (this.#datagrams > MOST_DATAGRAMS) return;
    for (const announcement of readAnnouncements(datagram)) {
      const device = announcement.kind === 'bye' ? null : toFoundDevice(announcement, from);
      if (device) this.#options.onFound(device);
    }
  }
}

async function open(socket: Socket, interfaceAddress: string): Promise<void> {
  const listening = once(socket, 'listening');
  socket.bind({ address: interfaceAddress, port: 0, exclusive: true });
  await listening;
  socket.setMulticastInterface(interfaceAddress);
  socket.setMulticastTTL(1);
  socket.setMulticastLoopback(true);
}
