import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A peer's program with a folder of its own; lives until `stop`. */
export class StartedProgram {
  readonly folder: string;
  readonly #children: ChildProcess[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async prepare(): Promise<StartedProgram> {
    return new StartedProgram(await mkdtemp(join(tmpdir(), 'gantry-bench-')));
  }

  /** Starts one process; its output is thrown away. */
  run(program: string, args: readonly string[]): void {
    this.#children.push(spawn(program, args, { cwd: this.folder, stdio: 'ignore' }));
  }

  /** Throws when one of the processes has ended. */
  requireAlive(): void {
    const dead = this.#children.find((child) => child.exitCode !== null || child.signalCode !== null);
    if (dead) throw new Error(`${dead.spawnfile} ended with ${dead.exitCode ?? dead.signalCode}`);
  }

  get pids(): number[] {
    return this.#children.map(({ pid }) => pid ?? -1).filter((pid) => pid > 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map(end));
    await rm(this.folder, { recursive: true, force: true });
  }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 3000).unref();
  });
}
