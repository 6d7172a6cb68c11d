import type { Clock } from '../../base/clock.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import { ReorderBuffer } from '../rtp/reorder-buffer.ts';
import { DatagramLink } from './datagram-link.ts';
import type { PacketSink, PacketTransport, TrackName } from './packet-transport.ts';
import { parseTransport } from './transport-header.ts';

export interface DatagramTransportOptions {
  clock: Clock;
  localAddress: string;
  cameraAddress: string;
  sink: PacketSink;
}

interface Way {
  link: DatagramLink;
  order: ReorderBuffer;
}

/** An RTP packet without payload and an empty receiver report: what many clients send to open a firewall. */
const RTP_PUNCH = Buffer.from('800000000000000000000000', 'hex');
const RTCP_PUNCH = Buffer.from('80c9000100000000', 'hex');

/** Packets in datagrams, brought into order; a pair of ports for each track. Lives as long as its session. */
export class DatagramTransport implements PacketTransport {
  readonly kind = 'udp';
  readonly #options: DatagramTransportOptions;
  readonly #ways = new Map<TrackName, Way>();
  #pastBytes = 0;
  #closed = false;

  constructor(options: DatagramTransportOptions) {
    this.#options = options;
  }

  async offer(track: TrackName): Promise<string> {
    this.drop(track);
    const { clock, localAddress, cameraAddress, sink } = this.#options;
    const order = new ReorderBuffer(clock, (packet) => sink.onRtp(track, packet, 0, packet.length));
    const link = new DatagramLink({
      localAddress,
      cameraAddress,
      onRtp: (packet) => order.push(packet),
      onRtcp: (packet) => sink.onRtcp(track, packet, 0, packet.length),
    });
    this.#ways.set(track, { link, order });
    const port = await link.open();
    if (this.#closed) this.drop(track);
    return `RTP/AVP;unicast;client_port=${port}-${port + 1}`;
  }

  settle(track: TrackName, answer: string): void {
    const { tcp, serverPorts } = parseTransport(answer);
    if (tcp) {
      throw new GatewayError('camera-protocol-error', 'the camera answered a SETUP for UDP with TCP');
    }
    if (serverPorts) this.#ways.get(track)?.link.connectTo(serverPorts.rtp, serverPorts.rtcp);
  }

  drop(track: TrackName): void {
    const way = this.#ways.get(track);
    if (!way) return;
    this.#ways.delete(track);
    this.#pastBytes += way.link.bytesReceived;
    way.link.close();
    way.order.close();
  }

  openWay(): void {
    for (const { link } of this.#ways.values()) {
      link.sendRtp(RTP_PUNCH);
      link.sendRtcp(RTCP_PUNCH);
    }
  }

  sendRtcp(track: TrackName, packet: Buffer): void {
    this.#ways.get(track)?.link.sendRtcp(packet);
  }

  get bytesReceived(): number {
    let bytes = this.#pastBytes;
    for (const { link } of this.#ways.values()) bytes += link.bytesReceived;
    return bytes;
  }

  close(): void {
    this.#closed = true;
    for (const track of this.#ways.keys()) this.drop(track);
  }
}
