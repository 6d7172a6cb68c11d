import { createServer, request } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newestMsn, readHlsList } from './hls-list.ts';

/** One request for a segment or part, by how many segments it stands behind the newest that the player had been told of. */
export interface AskedSegment {
  msn: number;
  /** 1: the newest listed; 0: the one in progress. */
  behind: number;
}

/** Stands between a player that cannot sign in and the gateway: adds the token, and notes what the player does; close it after the test. */
export class PlayerProxy {
  readonly segments: AskedSegment[] = [];
  readonly playlists: string[] = [];
  /** `404 /path` of each reply that was no success. */
  readonly refusals: string[] = [];
  readonly #target: URL;
  readonly #token: string;
  readonly #server: Server;
  #newestMsn: number | null = null;

  private constructor(target: string, token: string) {
    this.#target = new URL(target);
    this.#token = token;
    this.#server = createServer((asked, answer) => this.#pass(asked, answer));
  }

  static async start(target: string, token: string): Promise<PlayerProxy> {
    const proxy = new PlayerProxy(target, token);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #pass(asked: IncomingMessage, answer: ServerResponse): void {
    const path = asked.url ?? '/';
    this.#note(path);
    const onward = request(
      {
        host: this.#target.hostname,
        port: this.#target.port,
        path,
        method: asked.method,
        headers: { ...asked.headers, host: this.#target.host, authorization: `Bearer ${this.#token}` },
      },
      (reply) => this.#relay(path, reply, answer),
    );
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  }

  #relay(path: string, reply: IncomingMessage, answer: ServerResponse): void {
    const { statusCode = 502, headers } = reply;
    if (statusCode >= 400) this.refusals.push(`${statusCode} ${path}`);
    answer.writeHead(statusCode, headers);
    if (!path.includes('stream.m3u8')) {
      reply.pipe(answer);
      return;
    }
    let text = '';
    reply.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    reply.on('end', () => {
      this.playlists.push(text);
      this.#newestMsn = newestMsn(readHlsList(text));
      answer.end(text);
    });
  }

  #note(path: string): void {
    const msn = /\/(?:seg-(\d+)|part-(\d+)-\d+)\.m4s/.exec(path)?.slice(1).find(Boolean);
    if (msn === undefined || this.#newestMsn === null) return;
    this.segments.push({ msn: Number(msn), behind: this.#newestMsn - Number(msn) + 1 });
  }
}
