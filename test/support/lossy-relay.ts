import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** How bad the way is; shares of the RTP datagrams, each decided by the seed. */
export interface BadWay {
  seed: number;
  lost: number;
  /** Held back behind up to eight that follow. */
  late: number;
  twice: number;
}

const LATEST_MS = 60;

interface Held {
  packet: Buffer;
  /** Datagrams that still pass before it. */
  behind: number;
}

/**
 * Stands between the gateway and one RTSP camera: passes RTSP on with the ports in SETUP changed to its own, and the
 * datagrams with losses, repeats and wrong order. Lives until `stop`.
 */
export class LossyRelay {
  readonly #camera: { host: string; port: number };
  readonly #random: () => number;
  readonly #way: BadWay;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #datagrams = new Set<UdpSocket>();
  passed = 0;
  lost = 0;
  late = 0;
  /** RTCP packets that the gateway sent to the camera. */
  readonly reports: Buffer[] = [];

  private constructor(camera: { host: string; port: number }, way: BadWay) {
    this.#camera = camera;
    this.#way = way;
    this.#random = mulberry32(way.seed);
    this.#server = createServer((socket) => this.#join(socket));
  }

  static async start(cameraUrl: string, way: BadWay): Promise<LossyRelay> {
    const { hostname, port } = new URL(cameraUrl);
    const relay = new LossyRelay({ host: hostname, port: Number(port) }, way);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    for (const socket of this.#datagrams) socket.close();
    this.#datagrams.clear();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket): void {
    const far = connect(this.#camera);
    const pairs: Pair[] = [];
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    let order = Promise.resolve();
    near.on('data', (chunk: Buffer) => {
      order = order.then(async () => void far.write(await this.#rewriteRequest(chunk, pairs)));
    });
    far.on('data', (chunk: Buffer) => {
      order = order.then(() => void near.write(rewriteReply(chunk, pairs)));
    });
  }

  async #rewriteRequest(chunk: Buffer, pairs: Pair[]): Promise<Buffer> {
    const text = chunk.toString('latin1');
    const asked = /client_port=(\d+)-(\d+)/.exec(text);
    if (!asked) return chunk;
    const pair = await this.#pair({ rtp: Number(asked[1]), rtcp: Number(asked[2]) });
    pairs.push(pair);
    return Buffer.from(text.replace(asked[0], `client_port=${pair.port}-${pair.port + 1}`), 'latin1');
  }

  async #pair(gateway: Ports): Promise<Pair> {
    for (;;) {
      const port = 42_000 + 2 * Math.floor(Math.random() * 8000);
      const rtp = await bind(port);
      const rtcp = rtp && (await bind(port + 1));
      if (!rtp || !rtcp) {
        rtp?.close();
        continue;
      }
      const pair: Pair = { port, gateway, camera: { rtp: 0, rtcp: 0 } };
      this.#carry(rtp, rtcp, pair);
      return pair;
    }
  }

  #carry(rtp: UdpSocket, rtcp: UdpSocket, pair: Pair): void {
    let held: Held[] = [];
    const send = (packet: Buffer): void => {
      if (!this.#datagrams.has(rtp)) return;
      this.passed += 1;
      rtp.send(packet, pair.gateway.rtp, '127.0.0.1');
    };
    rtp.on('message', (packet, { port }) => {
      if (port === pair.gateway.rtp) return;
      if (this.#random() < this.#way.lost) {
        this.lost += 1;
        return;
      }
      if (this.#random() < this.#way.late) {
        this.late += 1;
        const one = { packet, behind: 1 + Math.floor(this.#random() * 8) };
        held.push(one);
        // A slow stream may have nothing that follows soon.
        setTimeout(() => {
          if (one.behind > 0) send(packet);
          one.behind = 0;
        }, LATEST_MS).unref();
        return;
      }
      send(packet);
      if (this.#random() < this.#way.twice) send(packet);
      for (const one of held) {
        one.behind -= 1;
        if (one.behind === 0) send(one.packet);
      }
      held = held.filter(({ behind }) => behind > 0);
    });
    rtcp.on('message', (packet, { port }) => {
      if (port !== pair.gateway.rtcp) {
        rtcp.send(packet, pair.gateway.rtcp, '127.0.0.1');
        return;
      }
      this.reports.push(packet);
      if (pair.camera.rtcp > 0) rtcp.send(packet, pair.camera.rtcp, '127.0.0.1');
    });
    for (const socket of [rtp, rtcp]) this.#datagrams.add(socket);
  }
}

interface Ports {
  rtp: number;
  rtcp: number;
}

interface Pair {
  /** The even one of the relay’s ports. */
  port: number;
  gateway: Ports;
  camera: Ports;
}

function rewriteReply(chunk: Buffer, pairs: readonly Pair[]): Buffer {
  const text = chunk.toString('latin1');
  const told = /client_port=(\d+)-\d+/.exec(text);
  const pair = pairs.find(({ port }) => port === Number(told?.[1]));
  if (!told || !pair) return chunk;
  const server = /server_port=(\d+)-(\d+)/.exec(text);
  if (server) pair.camera = { rtp: Number(server[1]), rtcp: Number(server[2]) };
  return Buffer.from(
    text
      .replace(told[0], `client_port=${pair.gateway.rtp}-${pair.gateway.rtcp}`)
      .replace(server?.[0] ?? '\0', `server_port=${pair.port}-${pair.port + 1}`),
    'latin1',
  );
}

async function bind(port: number): Promise<UdpSocket | undefined> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 200_000 });
  socket.on('error', () => undefined);
  try {
    const listening = once(socket, 'listening');
    socket.bind(port, '127.0.0.1');
    await listening;
    return socket;
  } catch {
    socket.close();
    return undefined;
  }
}

/** Numbers in [0, 1) that are the same for a seed each time. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
