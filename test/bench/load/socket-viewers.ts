import { WebSocket } from 'ws';
import type { ApiClient } from '../../support/api-client.ts';

/** Tiles that share a socket, as on the viewer's wall. */
const TILES_A_SOCKET = 16;

/** One viewer for each camera over WebSockets that walls share; reads all and keeps nothing. */
export class SocketViewers {
  readonly #api: ApiClient;
  readonly #cameraIds: readonly string[];
  readonly #sockets: WebSocket[] = [];

  constructor(api: ApiClient, cameraIds: readonly string[]) {
    this.#api = api;
    this.#cameraIds = cameraIds;
  }

  /** Resolves when each has its first picture. */
  async start(): Promise<void> {
    for (let from = 0; from < this.#cameraIds.length; from += TILES_A_SOCKET)
      await this.#wall(this.#cameraIds.slice(from, from + TILES_A_SOCKET));
  }

  stop(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  #wall(cameraIds: readonly string[]): Promise<void> {
    const { url, cookie } = this.#api;
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/live/ws`, {
      headers: { cookie, origin: url },
    });
    this.#sockets.push(socket);
    // Behind the init segment comes the first picture.
    const messages = new Map<number, number>();
    return new Promise((resolve, reject) => {
      socket.on('open', () => {
        for (const [channel, cameraId] of cameraIds.entries())
          socket.send(JSON.stringify({ subscribe: { channel, cameraId, rendition: 'main' } }));
      });
      socket.on('message', (data: Buffer, isBinary) => {
        if (!isBinary) return;
        const channel = data.readUInt32BE();
        messages.set(channel, (messages.get(channel) ?? 0) + 1);
        const shown = [...messages.values()].filter((count) => count >= 2).length;
        if (shown === cameraIds.length) resolve();
      });
      socket.on('error', reject);
      socket.on('close', (code) => reject(new Error(`a wall's socket was closed with ${code}`)));
    });
  }
}
