import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Socket } from 'node:net';

/** The way RTP and RTCP packets of one track go to a client. */
export interface PacketPath {
  /** Sends whole RTP packets, each with `room` free bytes before it that the path may use. */
  sendRtp(packets: readonly Buffer[]): void;
  sendRtcp(packet: Buffer): void;
  /** Bytes not yet taken by the network. */
  queuedBytes(): number;
  /** What the Transport reply says beyond the client's own words. */
  describe(): string;
  close(): void;
}

/** Packets on the RTSP connection itself (RFC 2326 10.12). */
export function interleavedPath(socket: Socket, channel: number): PacketPath {
  const framed = (id: number, packet: Buffer): Buffer => {
    const head = Buffer.from([0x24, id, packet.length >> 8, packet.length & 255]);
    return Buffer.concat([head, packet]);
  };
  return {
    sendRtp: (packets) => {
      if (socket.writable) socket.write(Buffer.concat(packets.map((packet) => framed(channel, packet))));
    },
    sendRtcp: (packet) => {
      if (socket.writable) socket.write(framed(channel + 1, packet));
    },
    queuedBytes: () => socket.writableLength,
    describe: () => `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`,
    close: () => undefined,
  };
}

async function bound(host: string, port: number): Promise<UdpSocket | undefined> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    const listening = once(socket, 'listening');
    socket.bind(port, host);
    await listening;
    return socket;
  } catch {
    socket.close();
    return undefined;
  }
}

async function portPair(host: string): Promise<[UdpSocket, UdpSocket] | undefined> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const port = 30_000 + 2 * Math.floor(Math.random() * 10_000);
    const rtp = await bound(host, port);
    if (rtp === undefined) continue;
    const rtcp = await bound(host, port + 1);
    if (rtcp !== undefined) return [rtp, rtcp];
    rtp.close();
  }
  return undefined;
}

/** Packets in datagrams from a port pair of ours to the client's; `onReport` is called for each RTCP packet from there. */
export async function datagramPath(
  local: string,
  remote: string,
  rtpPort: number,
  rtcpPort: number,
  onReport: () => void,
): Promise<PacketPath | undefined> {
  const pair = await portPair(local);
  if (pair === undefined) return undefined;
  const [rtp, rtcp] = pair;
  for (const socket of pair) socket.on('error', () => undefined); // a client that is gone answers with ICMP
  rtcp.on('message', onReport);
  let closed = false;
  return {
    sendRtp: (packets) => {
      if (!closed) for (const packet of packets) rtp.send(packet, rtpPort, remote);
    },
    sendRtcp: (packet) => {
      if (!closed) rtcp.send(packet, rtcpPort, remote);
    },
    queuedBytes: () => (closed ? 0 : rtp.getSendQueueSize()),
    describe: () =>
      `RTP/AVP;unicast;client_port=${rtpPort}-${rtcpPort};server_port=${rtp.address().port}-${rtcp.address().port}`,
    close: () => {
      // A session ends once by TEARDOWN or silence, and once more with its connection.
      if (closed) return;
      closed = true;
      rtp.close();
      rtcp.close();
    },
  };
}
