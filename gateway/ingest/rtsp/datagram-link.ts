import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { GatewayError } from '../../base/gateway-error.ts';

export interface DatagramLinkOptions {
  /** Our address on the way to the camera. */
  localAddress: string;
  /** The camera’s address: nothing from elsewhere is taken. */
  cameraAddress: string;
  onRtp(packet: Buffer): void;
  onRtcp(packet: Buffer): void;
}

const MOST_TRIES = 40;
const FIRST_PORT = 20_000;
const PORT_PAIRS = 20_000;
/** Room for the burst of a key frame; the system may grant less (net.core.rmem_max). */
const RECEIVE_BUFFER_BYTES = 2 * 1024 * 1024;

/** Two neighbouring UDP ports for one track, RTP on the even and RTCP on the odd one (RFC 3550 section 11); used once. */
export class DatagramLink {
  readonly #options: DatagramLinkOptions;
  #rtp: Socket | undefined;
  #rtcp: Socket | undefined;
  #closed = false;
  #cameraRtpPort = 0;
  #cameraRtcpPort = 0;
  bytesReceived = 0;

  constructor(options: DatagramLinkOptions) {
    this.#options = options;
  }

  /** Binds the ports and gives the even one; throws `camera-offline` when none are free. */
  async open(): Promise<number> {
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      const port = FIRST_PORT + 2 * Math.floor(Math.random() * PORT_PAIRS);
      const rtp = await this.#bind(port);
      const rtcp = rtp && (await this.#bind(port + 1));
      if (this.#closed || !rtcp) {
        rtp?.close();
        rtcp?.close();
        if (this.#closed) break;
        continue;
      }
      this.#rtp = rtp;
      this.#rtcp = rtcp;
      this.#listen(rtp, rtcp);
      return port;
    }
    throw new GatewayError('camera-offline', 'no free pair of UDP ports was found to receive the stream');
  }

  /** Where the camera sends from, as it told in SETUP. */
  connectTo(rtpPort: number, rtcpPort: number): void {
    this.#cameraRtpPort = rtpPort;
    this.#cameraRtcpPort = rtcpPort;
  }

  sendRtp(packet: Buffer): void {
    if (this.#cameraRtpPort > 0) this.#rtp?.send(packet, this.#cameraRtpPort, this.#options.cameraAddress);
  }

  sendRtcp(packet: Buffer): void {
    if (this.#cameraRtcpPort > 0) this.#rtcp?.send(packet, this.#cameraRtcpPort, this.#options.cameraAddress);
  }

  close(): void {
    this.#closed = true;
    this.#rtp?.close();
    this.#rtcp?.close();
    this.#rtp = undefined;
    this.#rtcp = undefined;
  }

  async #bind(port: number): Promise<Socket | undefined> {
    const { localAddress } = this.#options;
    const socket = createSocket(isIPv6(localAddress) ? 'udp6' : 'udp4');
    try {
      const listening = once(socket, 'listening');
      socket.bind(port, localAddress);
      await listening;
      return socket;
    } catch {
      socket.close();
      return undefined;
    }
  }

  #listen(rtp: Socket, rtcp: Socket): void {
    // A camera that is gone answers with ICMP; that it sends nothing is noticed elsewhere.
    for (const socket of [rtp, rtcp]) socket.on('error', () => undefined);
    try {
      rtp.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    } catch {
      // Linux gives what it may, others refuse what is too much: then the usual room has to do.
    }
    rtp.on('message', (packet, from) => {
      if (this.#accepts(packet, from)) this.#options.onRtp(packet);
    });
    rtcp.on('message', (packet, from) => {
      if (!this.#accepts(packet, from)) return;
      // Some cameras name no port in SETUP.
      if (this.#cameraRtcpPort === 0) this.#cameraRtcpPort = from.port;
      this.#options.onRtcp(packet);
    });
  }

  #accepts(packet: Buffer, from: RemoteInfo): boolean {
    if (this.#closed || withoutZone(from.address) !== withoutZone(this.#options.cameraAddress)) return false;
    this.bytesReceived += packet.length;
    return true;
  }
}

function withoutZone(address: string): string {
  return address.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
}
