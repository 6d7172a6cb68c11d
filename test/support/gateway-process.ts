import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';

const root = join(import.meta.dirname, '../..');

/** A whole gateway as its own program, with a data folder of its own; lives until `stop` or `kill`. */
export class GatewayProcess {
  readonly folder: string;
  readonly #config: Record<string, unknown>;
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;
  url = '';
  adminPassword = '';
  /** All that it wrote to standard error. */
  log = '';

  private constructor(folder: string, config: Record<string, unknown>, args: readonly string[]) {
    this.folder = folder;
    this.#config = config;
    this.#args = args;
  }

  /** Makes the folder and starts the gateway; resolves when it says that it is ready. */
  static async start(config: Record<string, unknown>, args: readonly string[] = []): Promise<GatewayProcess> {
    const gateway = new GatewayProcess(await mkdtemp(join(tmpdir(), 'gantry-e2e-')), config, args);
    await gateway.restart();
    return gateway;
  }

  /** Starts it (again) on the same data folder. */
  async restart(): Promise<void> {
    const file = join(this.folder, 'gantry.yaml');
    await writeFile(file, stringify(this.#config));
    const child = spawn(
      process.execPath,
      [
        join(root, 'gateway/cli.ts'),
        'serve',
        '--config',
        file,
        '--data',
        join(this.folder, 'data'),
        ...this.#args,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child = child;
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      this.log += chunk.toString();
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const url = /is ready: (\S+)\n/.exec(said)?.[1];
        if (url === undefined) return;
        this.url = url.replace(/\/$/, '');
        this.adminPassword = /password (\S+) \(shown/.exec(said)?.[1] ?? this.adminPassword;
        resolve();
      });
      child.once('exit', (code) => reject(new Error(`the gateway ended with ${code}: ${said}${this.log}`)));
    });
  }

  get pid(): number {
    return this.#child?.pid ?? -1;
  }

  /** Ends it and waits; `SIGKILL` for a power cut. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
    child.kill(signal);
    await gone;
  }

  /** Ends it and removes its folder. */
  async remove(): Promise<void> {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A TCP port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
