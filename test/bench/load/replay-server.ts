import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { ReplayFrames } from './replay-frames.ts';
import { ReplayViewer } from './replay-viewer.ts';

const TICK_MS = 2;

/** An RTSP server for load: `/cam/0`, `/cam/1`, … over interleaved TCP, all from one prepared clip; knows no user. */
export class ReplayServer {
  readonly #frames: ReplayFrames;
  readonly #viewers = new Set<ReplayViewer>();
  readonly #server: Server;
  #timer: NodeJS.Timeout | undefined;

  constructor(frames: ReplayFrames) {
    this.#frames = frames;
    this.#server = createServer((socket) => this.#welcome(socket));
  }

  /** Listens and plays; resolves with the port. */
  async start(port = 0): Promise<number> {
    await new Promise<void>((resolve) => {
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const viewer of this.#viewers) viewer.close();
    this.#server.close();
  }

  #welcome(socket: Socket): void {
    const viewer = new ReplayViewer(socket, this.#frames);
    this.#viewers.add(viewer);
    socket.on('close', () => this.#viewers.delete(viewer));
    viewer.start();
  }

  #tick(): void {
    const nowMs = Date.now();
    for (const viewer of this.#viewers) viewer.sendDue(nowMs);
  }
}
