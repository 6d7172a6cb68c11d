import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:dgram';
import { delay } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/gateway-error.ts';
import { readAnnouncements } from './announcement.ts';
import { toFoundDevice } from './found-device.ts';
import type { FoundDevice } from './found-device.ts';
import { groupOf, openProbeSocket } from './multicast-socket.ts';
import { probeMessage, probeTypes, wsDiscoveryPort } from './probe-message.ts';
import type { ProbeType } from './probe-message.ts';
import type { SearchInterface } from './search-interfaces.ts';

export interface MulticastProbeOptions {
  clock: Clock;
  /** One socket each. */
  interfaces: readonly SearchInterface[];
  /** How long answers are awaited. */
  timeoutMs: number;
  /** Called for each answer of an ONVIF device; the same device may answer many times. */
  onFound: (device: FoundDevice) => void;
  /** Called for an interface that cannot be searched; the others go on. */
  onInterfaceFault: (from: SearchInterface, message: string) => void;
  signal?: AbortSignal;
}

/** Sending times of a round after its start: UDP loses, and some cameras sleep through the first (SOAP-over-UDP 1.1, section 3.4). */
const REPEATS_MS = [0, 150, 500];
const TYPES = Object.keys(probeTypes) as ProbeType[];
/**
 * Rounds by their share of the time, each with new message ids, for devices whose own repeat filter swallowed what they
 * did not answer. The last asks for no type at all: some devices answer to nothing else.
 */
const ROUNDS: readonly { at: number; types: readonly (ProbeType | null)[] }[] = [
  { at: 0, types: TYPES },
  { at: 0.4, types: TYPES },
  { at: 0.6, types: [null] },
];
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
    await Promise.all(this.#options.interfaces.map((from) => this.#search(from)));
  }

  async #search(from: SearchInterface): Promise<void> {
    const { clock, timeoutMs, signal, onInterfaceFault } = this.#options;
    const closed = new AbortController();
    let socket: Socket | undefined;
    try {
      const open = await openProbeSocket(from, (error) => onInterfaceFault(from, messageOf(error)));
      socket = open;
      open.on('message', (datagram, { address }) => this.#receive(datagram, address, from));
      const until = signal ? AbortSignal.any([closed.signal, signal]) : closed.signal;
      const rounds = ROUNDS.map(({ at, types }) =>
        this.#round(open, from, { startMs: at * timeoutMs, types, until }),
      );
      await delay(clock, timeoutMs, signal);
      closed.abort();
      await Promise.all(rounds);
    } catch (error) {
      onInterfaceFault(from, messageOf(error));
    } finally {
      closed.abort();
      socket?.close();
    }
  }

  async #round(
    socket: Socket,
    from: SearchInterface,
    { startMs, types, until }: { startMs: number; types: readonly (ProbeType | null)[]; until: AbortSignal },
  ): Promise<void> {
    const { clock, onInterfaceFault } = this.#options;
    const messages = types.map((type) => probeMessage(`urn:uuid:${randomUUID()}`, type));
    await delay(clock, startMs, until);
    let waitedMs = 0;
    for (const atMs of REPEATS_MS) {
      await delay(clock, atMs - waitedMs, until);
      waitedMs = atMs;
      if (until.aborted) return;
      for (const message of messages) {
        socket.send(message, wsDiscoveryPort, groupOf(from), (error) => {
          if (error && !until.aborted) onInterfaceFault(from, messageOf(error));
        });
      }
    }
  }

  #receive(datagram: Buffer, address: string, from: SearchInterface): void {
    this.#datagrams += 1;
    if (this.#datagrams > MOST_DATAGRAMS) return;
    for (const announcement of readAnnouncements(datagram)) {
      const device = announcement.kind === 'match' ? toFoundDevice(announcement, address, from.onLink) : null;
      if (device) this.#options.onFound(device);
    }
  }
}
