import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A message as it came; `text` is null for a binary one. */
export interface SocketMessage {
  text: string | null;
  bytes: Buffer;
}

/** A WebSocket client that keeps what it is sent. */
export class SocketClient {
  readonly socket: WebSocket;
  readonly messages: SocketMessage[] = [];

  constructor(url: string, headers: Record<string, string>, origin?: string) {
    this.socket = new WebSocket(url, { headers, origin });
    this.socket.on('message', (data: Buffer, isBinary) =>
      this.messages.push({ text: isBinary ? null : data.toString(), bytes: data }),
    );
    this.socket.on('error', () => undefined);
  }

  async opened(): Promise<this> {
    await once(this.socket, 'open');
    return this;
  }

  /** Status of a handshake that is refused. */
  async refused(): Promise<number> {
    const [, response] = (await once(this.socket, 'unexpected-response')) as [
      unknown,
      { statusCode: number },
    ];
    return response.statusCode;
  }

  async received(count: number): Promise<SocketMessage[]> {
    while (this.messages.length < count) await once(this.socket, 'message');
    return this.messages;
  }

  async closed(): Promise<{ code: number; reason: string }> {
    const [code, reason] = (await once(this.socket, 'close')) as [number, Buffer];
    return { code, reason: reason.toString() };
  }
}
