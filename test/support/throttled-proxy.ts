import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

const TICK_MS = 20;
/** What waits in the proxy for one connection before the server is held back. */
const MOST_WAITING_BYTES = 64 * 1024;

interface Link {
  client: Socket;
  server: Socket;
  waiting: Buffer[];
  waitingBytes: number;
}

/** A TCP proxy on 127.0.0.1 whose way from server to clients carries a given rate, shared by all connections; lives until `stop`. */
export class ThrottledProxy {
  readonly #target: URL;
  readonly #links = new Set<Link>();
  #server: Server | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** kbit/s; Infinity lets all through. */
  kbps = Infinity;
  /** Bytes that clients were sent. */
  sentBytes = 0;
  origin = '';

  constructor(target: string) {
    this.#target = new URL(target);
  }

  async start(): Promise<this> {
    this.#server = createServer((client) => this.#accept(client));
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    return this;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const { client, server } of this.#links) {
      client.destroy();
      server.destroy();
    }
    await new Promise<void>((resolve) => this.#server?.close(() => resolve()) ?? resolve());
  }

  #accept(client: Socket): void {
    const server = connect(Number(this.#target.port), this.#target.hostname);
    const link: Link = { client, server, waiting: [], waitingBytes: 0 };
    this.#links.add(link);
    client.pipe(server);
    server.on('data', (chunk: Buffer) => {
      link.waiting.push(chunk);
      link.waitingBytes += chunk.length;
      if (link.waitingBytes > MOST_WAITING_BYTES) server.pause();
    });
    for (const side of [client, server]) {
      side.on('error', () => undefined);
      side.on('close', () => {
        this.#links.delete(link);
        client.destroy();
        server.destroy();
      });
    }
  }

  #tick(): void {
    const busy = [...this.#links].filter(({ waitingBytes }) => waitingBytes > 0);
    const each = Math.ceil((this.kbps * TICK_MS) / 8 / Math.max(1, busy.length));
    for (const link of busy) this.#send(link, each);
  }

  #send(link: Link, most: number): void {
    let left = most;
    while (left > 0 && link.waiting[0] !== undefined) {
      const part = link.waiting[0].subarray(0, left);
      if (part.length === link.waiting[0].length) link.waiting.shift();
      else link.waiting[0] = link.waiting[0].subarray(part.length);
      link.client.write(part);
      left -= part.length;
      link.waitingBytes -= part.length;
      this.sentBytes += part.length;
    }
    if (link.waitingBytes <= MOST_WAITING_BYTES) link.server.resume();
  }
}
