import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';

/** The load generator as a program of its own, so that its CPU time is counted apart; lives until `stop`. */
export class ReplayProcess {
  readonly #child: ChildProcess;
  readonly port: number;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** Makes the clip if need be; resolves when the server listens. */
  static start(): Promise<ReplayProcess> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'replay-main.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the load generator ended with ${code}`)));
      child.stdout.on('data', (chunk: Buffer) => {
        const port = /port (\d+)/.exec(chunk.toString())?.[1];
        if (port !== undefined) resolve(new ReplayProcess(child, Number(port)));
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  url(camera: number): string {
    return `rtsp://127.0.0.1:${this.port}/cam/${camera}`;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => {
      this.#child.once('exit', () => resolve());
    });
    this.#child.kill('SIGTERM');
    await gone;
  }
}
