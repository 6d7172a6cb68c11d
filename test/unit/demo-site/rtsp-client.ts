import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { digestParameters, digestResponse } from '../../../scripts/demo-site/auth/http-digest.ts';

/** A reply as the test client read it. */
export interface ClientReply {
  status: number;
  headers: Map<string, string>;
  body: string;
}

/** The plainest RTSP client: one request at a time, Digest when asked, interleaved packets collected. */
export class RtspClient {
  readonly packets: { channel: number; bytes: Buffer }[] = [];
  closed = false;
  private readonly socket: Socket;
  private readonly account: { username: string; password: string };
  private received: Buffer = Buffer.alloc(0);
  private challenge: string | undefined;
  private sequence = 0;
  private replies: ClientReply[] = [];
  private wake: () => void = () => undefined;

  constructor(socket: Socket, password: string) {
    this.socket = socket;
    this.account = { username: 'admin', password };
    socket.on('data', (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      while (this.take());
    });
    const ended = (): void => {
      this.closed = true;
      this.wake();
    };
    socket.on('error', ended).on('close', ended);
  }

  static async open(uri: string, password = 'gantry-demo'): Promise<RtspClient> {
    const { hostname, port } = new URL(uri);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new RtspClient(socket, password);
  }

  /** Sends a request, once more with a password when the server asks for it. */
  async request(method: string, uri: string, headers: Record<string, string> = {}): Promise<ClientReply> {
    const reply = await this.once(method, uri, headers);
    const challenge = reply.headers.get('www-authenticate');
    if (reply.status !== 401 || challenge === undefined || this.challenge !== undefined) return reply;
    this.challenge = challenge;
    return this.once(method, uri, headers);
  }

  close(): void {
    this.socket.destroy();
  }

  private async once(method: string, uri: string, headers: Record<string, string>): Promise<ClientReply> {
    this.sequence += 1;
    const lines = [`${method} ${uri} RTSP/1.0`, `CSeq: ${this.sequence}`];
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    if (this.challenge !== undefined) {
      const parameters = digestParameters(this.challenge)
        .set('uri', uri)
        .set('username', this.account.username);
      parameters.set('response', digestResponse(parameters, 'MD5', this.account, method));
      lines.push(
        `Authorization: Digest ${[...parameters].map(([name, value]) => `${name}="${value}"`).join(', ')}`,
      );
    }
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    while (this.replies.length === 0 && !this.closed)
      await new Promise<void>((resolve) => (this.wake = resolve));
    const reply = this.replies.shift();
    if (reply === undefined) throw new Error('the server closed the connection');
    return reply;
  }

  private take(): boolean {
    const { received } = this;
    if (received[0] === 0x24) {
      const length = received.length < 4 ? Infinity : 4 + received.readUInt16BE(2);
      if (received.length < length) return false;
      this.packets.push({ channel: received[1]!, bytes: received.subarray(4, length) });
      this.received = received.subarray(length);
      return true;
    }
    const end = received.indexOf('\r\n\r\n');
    if (end === -1) return false;
    const [first = '', ...lines] = received.toString('utf8', 0, end).split('\r\n');
    const headers = new Map(
      lines.map((line) => [line.split(':')[0]!.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const bodyEnd = end + 4 + Number(headers.get('content-length') ?? 0);
    if (received.length < bodyEnd) return false;
    this.replies.push({
      status: Number(first.split(' ')[1]),
      headers,
      body: received.toString('utf8', end + 4, bodyEnd),
    });
    this.received = received.subarray(bodyEnd);
    this.wake();
    return true;
  }
}
