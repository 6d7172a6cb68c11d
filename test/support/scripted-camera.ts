import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsOptions } from 'node:tls';
import type { AddressInfo, Server, Socket } from 'node:net';
import { join } from 'node:path';

/** One request as the scripted camera got it. */
export interface HeardRequest {
  method: string;
  uri: string;
  headers: ReadonlyMap<string, string>;
  /** Number of the connection it came on, from 1. */
  connection: number;
}

/** What the camera does: a text to send (with {cseq} and {host} filled in), bytes, or nothing. */
export type Reaction = (request: HeardRequest, socket: Socket) => string | Buffer | undefined;

/** A TCP server that answers RTSP requests as a test says; lives until `stop`. */
export class ScriptedCamera {
  readonly heard: HeardRequest[] = [];
  /** Packets that came on the connection, with their channel. */
  readonly packets: { channel: number; packet: Buffer }[] = [];
  readonly sockets = new Set<Socket>();
  readonly #server: Server;
  #connections = 0;
  #waiters: (() => void)[] = [];

  private constructor(react: Reaction, tls: TlsOptions | undefined) {
    const serve = (socket: Socket): void => this.#serve(socket, react);
    this.#server = tls ? createTlsServer(tls, serve) : createServer(serve);
  }

  /** With `tls` it is a camera of rtsps://. */
  static async start(react: Reaction, tls?: TlsOptions): Promise<ScriptedCamera> {
    const camera = new ScriptedCamera(react, tls);
    camera.#server.listen(0, '127.0.0.1');
    await once(camera.#server, 'listening');
    return camera;
  }

  /** A camera that plays a dialogue of test/fixtures/rtsp; what it hears beside it lands in `surprises`. */
  static async play(name: string): Promise<{ camera: ScriptedCamera; url: string; surprises: string[] }> {
    const dialogue = readDialogue(name);
    const surprises: string[] = [];
    const camera = await ScriptedCamera.start((request, socket) => {
      const at = dialogue.turns.findIndex((turn) => turn.fits(request, camera.host));
      const turn = dialogue.turns.splice(at < 0 ? dialogue.turns.length : at, 1)[0];
      if (turn) return turn.answer(camera.host, request.headers.get('cseq') ?? '0');
      surprises.push(`${request.method} ${request.uri} ${request.headers.get('authorization') ?? ''}`);
      return socket.end('RTSP/1.0 500 Not In The Script\r\n\r\n') && undefined;
    });
    return { camera, url: `rtsp://${camera.host}${dialogue.path}`, surprises };
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get methods(): string[] {
    return this.heard.map((request) => request.method);
  }

  /** Resolves with the first request of that method. */
  async heardOne(method: string): Promise<HeardRequest> {
    for (;;) {
      const found = this.heard.find((request) => request.method === method);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #takePackets(text: string): string {
    let rest = text;
    for (let length = packetLength(rest); length > 0; length = packetLength(rest)) {
      this.packets.push({
        channel: rest.charCodeAt(1),
        packet: Buffer.from(rest.slice(4, length), 'latin1'),
      });
      rest = rest.slice(length);
      for (const waiter of this.#waiters.splice(0)) waiter();
    }
    return rest;
  }

  /** Resolves when that many packets came. */
  async heardPackets(count: number): Promise<void> {
    while (this.packets.length < count) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  #serve(socket: Socket, react: Reaction): void {
    this.#connections += 1;
    const connection = this.#connections;
    this.sockets.add(socket);
    let text = '';
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('data', (chunk) => {
      text = this.#takePackets(text + chunk.toString('latin1'));
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const request = readRequest(text.slice(0, end), connection);
        text = this.#takePackets(text.slice(end + 4));
        this.heard.push(request);
        for (const waiter of this.#waiters.splice(0)) waiter();
        const reply = react(request, socket);
        if (typeof reply === 'string') socket.write(fill(reply, this.host, request.headers.get('cseq')));
        else if (reply) socket.write(reply);
      }
    });
  }
}

/** Length of a packet with its head when the text begins with a whole one, else 0. */
function packetLength(text: string): number {
  const length = 4 + text.charCodeAt(2) * 256 + text.charCodeAt(3);
  return text.startsWith('$') && text.length >= length ? length : 0;
}

function fill(text: string, host: string, sequence = '0'): string {
  return text.replaceAll('{cseq}', sequence).replaceAll('{host}', host);
}

function readRequest(text: string, connection: number): HeardRequest {
  const [start = '', ...lines] = text.split('\r\n');
  const [method = '', uri = ''] = start.split(' ');
  const headers = new Map(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  return { method, uri, headers, connection };
}

interface Turn {
  fits(request: HeardRequest, host: string): boolean;
  answer(host: string, sequence: string): Buffer;
}

/**
 * Reads a dialogue: `PATH p`, then turns of `C: METHOD uri` (`C~ header: prefix` for what a header must begin with),
 * `S: line` for the reply (an SDP behind the empty line; {length} counts it), `S$ channel hex` for a packet.
 */
function readDialogue(name: string): { path: string; turns: Turn[] } {
  const text = readFileSync(join(import.meta.dirname, '../fixtures/rtsp', name), 'utf8');
  const [head = '', ...blocks] = text.split(/^(?=C: )/m);
  return { path: /^PATH (.*)$/m.exec(head)?.[1] ?? '/', turns: blocks.map(readTurn) };
}

function readTurn(block: string): Turn {
  const lines = block.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const of = (prefix: string): string[] =>
    lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length).trimStart());
  const [method, uri] = (of('C:')[0] ?? '').split(' ');
  const conditions = of('C~').map((line) => line.split(/:\s*/, 2));
  return {
    fits: (request, host) =>
      request.method === method &&
      request.uri === fill(uri ?? '', host) &&
      conditions.every(([header = '', prefix = '']) =>
        prefix === '-'
          ? !request.headers.has(header.toLowerCase())
          : (request.headers.get(header.toLowerCase()) ?? '').startsWith(prefix),
      ),
    answer: (host, sequence) => Buffer.concat(answerParts(lines, host, sequence)),
  };
}

function answerParts(lines: readonly string[], host: string, sequence: string): Buffer[] {
  const parts: Buffer[] = [];
  let reply: string[] = [];
  const flush = (): void => {
    if (reply.length > 0) parts.push(replyBytes(reply, host, sequence));
    reply = [];
  };
  for (const line of lines) {
    if (line.startsWith('S:')) reply.push(line.slice(2).replace(/^ /, ''));
    if (!line.startsWith('S$')) continue;
    flush();
    const [channel = '0', hex = ''] = line.slice(2).trim().split(' ');
    const packet = Buffer.from(hex, 'hex');
    parts.push(Buffer.from([0x24, Number(channel), packet.length >> 8, packet.length & 0xff]), packet);
  }
  flush();
  return parts;
}

function replyBytes(reply: readonly string[], host: string, sequence: string): Buffer {
  const end = reply.indexOf('');
  const body = end < 0 ? '' : fill(reply.slice(end + 1).join('\r\n'), host);
  const sdp = body === '' ? '' : `${body}\r\n`;
  const head = reply.slice(0, end < 0 ? undefined : end).join('\r\n');
  return Buffer.from(
    `${fill(head, host, sequence).replaceAll('{length}', String(Buffer.byteLength(sdp)))}\r\n\r\n${sdp}`,
  );
}
