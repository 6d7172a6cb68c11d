import { WebSocket } from 'ws';

/** Node's own words on standard error when it was started with --inspect. */
const LISTENING = /Debugger listening on (ws:\/\/\S+)/;

/** Has another Node process collect all its garbage, through the inspector it was started with; lives until `close`. */
export class GarbageCollector {
  readonly #socket: WebSocket;
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** `said`: what the process wrote to standard error so far. */
  static async connect(said: string): Promise<GarbageCollector> {
    const address = LISTENING.exec(said)?.[1];
    if (address === undefined) throw new Error('the process was not started with --inspect');
    const socket = new WebSocket(address);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    return new GarbageCollector(socket);
  }

  /** Resolves when all is collected that nobody refers to. */
  async collect(): Promise<void> {
    this.#calls += 1;
    const id = this.#calls;
    const done = new Promise<void>((resolve, reject) => {
      const onClose = (): void => reject(new Error('the process has closed its inspector'));
      const onMessage = (data: Buffer): void => {
        if ((JSON.parse(data.toString()) as { id?: number }).id !== id) return;
        this.#socket.off('message', onMessage);
        this.#socket.off('close', onClose);
        resolve();
      };
      this.#socket.on('message', onMessage);
      this.#socket.on('close', onClose);
    });
    this.#socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }));
    await done;
  }

  close(): void {
    this.#socket.terminate();
  }
}
