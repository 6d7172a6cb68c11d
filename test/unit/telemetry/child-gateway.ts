import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from './mosquitto.ts';

const PROGRAM = fileURLToPath(new URL('./gateway-child.ts', import.meta.url));

/** The test's gateway as a process that can be killed. */
export class ChildGateway {
  /** Number of the last picture it has recorded. */
  took = -1;
  readonly #child: ChildProcess;
  #errors = '';
  #started = false;

  /** `pictures` as in `0-50`: takes these numbers, one each 5 ms. */
  constructor(where: string, databasePath: string, session: number, pictures = '0-0') {
    this.#child = spawn(process.execPath, [PROGRAM, where, databasePath, String(session), pictures], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { stdout, stderr } = this.#child;
    if (!stdout || !stderr) throw new Error('no output to read');
    stderr.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString();
    });
    createInterface({ input: stdout }).on('line', (line) => {
      if (line === 'started') this.#started = true;
      else this.took = Number(line.split(' ')[1]);
    });
  }

  async started(): Promise<void> {
    await until(`the gateway starts ${this.#errors}`, () => this.#started, 20_000);
  }

  /** What it wrote to standard error: warnings count as failures. */
  get errors(): string {
    return this.#errors;
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill(signal);
    await once(this.#child, 'exit');
  }
}
