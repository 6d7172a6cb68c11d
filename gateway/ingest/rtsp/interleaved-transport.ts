import type { PacketSink, PacketTransport, TrackName } from './packet-transport.ts';
import { parseTransport } from './transport-header.ts';

interface Route {
  track: TrackName;
  rtcp: boolean;
}

/** Packets on the RTSP connection itself (RFC 2326 section 10.12); lives as long as its session. */
export class InterleavedTransport implements PacketTransport {
  readonly kind = 'tcp';
  readonly bytesReceived = 0;
  readonly #sink: PacketSink;
  readonly #send: (channel: number, packet: Buffer) => void;
  readonly #routes = new Map<number, Route>();

  constructor(sink: PacketSink, send: (channel: number, packet: Buffer) => void) {
    this.#sink = sink;
    this.#send = send;
  }

  async offer(track: TrackName): Promise<string> {
    this.drop(track);
    const channel = this.#freeChannel();
    this.#addRoutes(track, channel, channel + 1);
    return `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`;
  }

  settle(track: TrackName, answer: string): void {
    const { interleaved } = parseTransport(answer);
    const owner = this.#routes.get(interleaved?.rtp ?? -1)?.track ?? track;
    // The camera's word holds when it chose other channels than those asked for, unless it names those of the other track.
    if (interleaved && owner === track) this.#addRoutes(track, interleaved.rtp, interleaved.rtcp);
  }

  drop(track: TrackName): void {
    for (const [channel, route] of this.#routes) if (route.track === track) this.#routes.delete(channel);
  }

  openWay(): void {
    // The connection is the way.
  }

  sendRtcp(track: TrackName, packet: Buffer): void {
    for (const [channel, route] of this.#routes) {
      if (route.track === track && route.rtcp) this.#send(channel, packet);
    }
  }

  /** True for channels that were set up. */
  knows(channel: number): boolean {
    return this.#routes.has(channel);
  }

  /** Takes a packet of the connection; one of a channel that was not set up is left out. */
  take(channel: number, buffer: Buffer, start: number, end: number): void {
    const route = this.#routes.get(channel);
    if (!route) return;
    if (route.rtcp) this.#sink.onRtcp(route.track, buffer, start, end);
    else this.#sink.onRtp(route.track, buffer, start, end);
  }

  close(): void {
    this.#routes.clear();
  }

  /** The first pair that no track has: a camera may have put the one before on other channels than asked for. */
  #freeChannel(): number {
    let channel = 0;
    while (this.#routes.has(channel) || this.#routes.has(channel + 1)) channel += 2;
    return channel;
  }

  #addRoutes(track: TrackName, rtp: number, rtcp: number): void {
    this.drop(track);
    this.#routes.set(rtp, { track, rtcp: false });
    this.#routes.set(rtcp, { track, rtcp: true });
  }
}
