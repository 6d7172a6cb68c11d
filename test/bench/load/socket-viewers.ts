import { WebSocket } from 'ws';
import type { ApiClient } from '../../support/api-client.ts';

/** Sockets that are opened at once. */
const STARTS_AT_ONCE = 8;

/** One viewer over WebSocket for each camera, as a tile of a wall is; reads all and keeps nothing. */
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
    const waiting = [...this.#cameraIds];
    const starter = async (): Promise<void> => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await this.#open(id);
    };
    await Promise.all(Array.from({ length: STARTS_AT_ONCE }, starter));
  }

  stop(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  #open(cameraId: string): Promise<void> {
    const { url, cookie } = this.#api;
    const address = `${url.replace(/^http/, 'ws')}/live/${cameraId}/main/ws`;
    const socket = new WebSocket(address, { headers: { cookie, origin: url } });
    this.#sockets.push(socket);
    let binaries = 0;
    return new Promise((resolve, reject) => {
      socket.on('message', (_data, isBinary) => {
        if (isBinary) binaries += 1;
        if (binaries === 2) resolve();
      });
      socket.on('error', reject);
      socket.on('close', (code) => reject(new Error(`${cameraId} was closed with ${code}`)));
    });
  }
}
