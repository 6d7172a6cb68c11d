import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Kind = 'wecom' | 'dingtalk' | 'feishu' | 'http';

/** One request that reached the receiver. */
export interface Received {
  path: string;
  method: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** By the receiver's clock, ms. */
  atMs: number;
  accepted: boolean;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * A real HTTP server that answers as a robot's public documentation says: HTTP 200 with a code of its own, signature and
 * age checked, 20 messages a minute (Feishu 100), sizes held to. Lives until `stop`.
 */
export class RobotReceiver {
  readonly received: Received[] = [];
  readonly #kind: Kind;
  readonly #secret: string | null;
  readonly #now: () => number;
  #server: Server | undefined;
  /** Takes over the next answers instead of the rules. */
  instead: ((response: ServerResponse, received: Received) => void) | null = null;
  readonly token = 'tok-4f1c';
  port = 0;

  constructor(kind: Kind, options: { secret?: string; now?: () => number } = {}) {
    this.#kind = kind;
    this.#secret = options.secret ?? null;
    this.#now = options.now ?? Date.now;
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => this.#answer(request, response, body));
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  get url(): string {
    const origin = `http://127.0.0.1:${this.port}`;
    return {
      wecom: `${origin}/cgi-bin/webhook/send?key=${this.token}`,
      dingtalk: `${origin}/robot/send?access_token=${this.token}`,
      feishu: `${origin}/open-apis/bot/v2/hook/${this.token}`,
      http: `${origin}/sms/${this.token}`,
    }[this.#kind];
  }

  /** What people would read, one text for each accepted message. */
  get texts(): string[] {
    return this.received.filter(({ accepted }) => accepted).map(({ body }) => this.#textOf(body));
  }

  #textOf(body: string): string {
    if (this.#kind === 'http') return body;
    const { markdown, text, content } = JSON.parse(body) as {
      markdown?: { content?: string; title?: string; text?: string };
      text?: { content: string };
      content?: { post: Record<string, { title: string; content: { text: string }[][] }> };
    };
    if (content) {
      const [post] = Object.values(content.post);
      return [post?.title, ...(post?.content.flat().map((part) => part.text) ?? [])].join('\n');
    }
    return markdown?.content ?? markdown?.text ?? text?.content ?? '';
  }

  #answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { url: path = '', method = '', headers } = request;
    const received: Received = { path, method, headers, body, atMs: this.#now(), accepted: false };
    this.received.push(received);
    if (this.instead) return this.instead(response, received);
    if (this.#kind === 'http') {
      received.accepted = true;
      response.writeHead(204).end();
      return;
    }
    const [code, words] = this.#verdict(received);
    received.accepted = code === 0;
    const reply =
      this.#kind === 'feishu'
        ? { code, msg: words, ...(code === 0 && { StatusCode: 0, StatusMessage: 'success', data: {} }) }
        : { errcode: code, errmsg: words };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
  }

  #verdict(received: Received): [code: number, words: string] {
    const { path, body, headers } = received;
    if (!path.includes(this.token))
      return {
        wecom: [93000, 'invalid webhook url'],
        dingtalk: [300001, 'token is not exist'],
        feishu: [19001, 'param invalid'],
        http: [0, ''],
      }[this.#kind] as [number, string];
    if (!headers['content-type']?.startsWith('application/json')) return [40035, 'not json'];
    if (!this.#isSigned(path, body))
      return this.#kind === 'feishu'
        ? [19021, 'sign match fail or timestamp is not within one hour from current time']
        : [310000, 'sign not match'];
    const limit = this.#kind === 'feishu' ? 100 : 20;
    const recent = this.received.filter(({ atMs, accepted }) => accepted && atMs > received.atMs - MINUTE_MS);
    if (recent.length >= limit)
      return {
        wecom: [45009, 'api freq out of limit'],
        dingtalk: [130101, 'send too fast, exceed 20 times per minute'],
        feishu: [11232, 'frequency limited'],
        http: [0, ''],
      }[this.#kind] as [number, string];
    const bytes = Buffer.byteLength(this.#kind === 'wecom' ? this.#textOf(body) : body);
    const room = {
      wecom: body.includes('"msgtype":"text"') ? 2048 : 4096,
      dingtalk: 20_000,
      feishu: 20_000,
      http: Infinity,
    }[this.#kind];
    return bytes > room ? [40058, 'content exceed max length'] : [0, 'ok'];
  }

  #isSigned(path: string, body: string): boolean {
    if (this.#secret === null) return true;
    if (this.#kind === 'feishu') {
      const { timestamp = '', sign } = JSON.parse(body) as { timestamp?: string; sign?: string };
      const fresh = Math.abs(this.#now() - Number(timestamp) * 1000) < HOUR_MS;
      return (
        fresh && sign === createHmac('sha256', `${timestamp}\n${this.#secret}`).update('').digest('base64')
      );
    }
    const query = new URL(path, 'http://robot').searchParams;
    const timestamp = query.get('timestamp') ?? '';
    const wanted = createHmac('sha256', this.#secret)
      .update(`${timestamp}\n${this.#secret}`)
      .digest('base64');
    return Math.abs(this.#now() - Number(timestamp)) < HOUR_MS && query.get('sign') === wanted;
  }
}
