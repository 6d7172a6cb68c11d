import { WebSocket } from 'ws';
import { listeningPorts } from './listening-ports.ts';

/** Has another Node process collect all its garbage, through the inspector it was started with; lives until `close`. */
export class GarbageCollector {
  readonly #socket: WebSocket;
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Undefined for a process that was not started with --inspect. */
  static async connect(pid: number): Promise<GarbageCollector | undefined> {
    for (const port of await listeningPorts(pid)) {
      const address = await inspectorAt(port);
      if (address !== undefined) return GarbageCollector.#at(address);
    }
    return undefined;
  }

  static async #at(address: string): Promise<GarbageCollector> {
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

/** Address of the inspector that answers on the port; undefined when something else does. */
async function inspectorAt(port: number): Promise<string | undefined> {
  try {
    const reply = await fetch(`http://127.0.0.1:${port}/json/list`, { signal: AbortSignal.timeout(1000) });
    const [target] = (await reply.json()) as { webSocketDebuggerUrl?: string }[];
    return target?.webSocketDebuggerUrl;
  } catch {
    return undefined;
  }
}
