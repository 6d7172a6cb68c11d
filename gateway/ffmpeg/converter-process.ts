import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

interface ConverterProcessOptions {
  path: string;
  arguments: readonly string[];
  onOutput: (bytes: Buffer) => void;
  /** Called once when it has ended by itself or was killed by others, never after `stop`; `why` is plain text. */
  onEnd: (why: string) => void;
}

const STDERR_TAIL_CHARACTERS = 2048;

/** One FFmpeg that runs from standard input to standard output until it is stopped; with a minimal environment. */
export class ConverterProcess {
  readonly #options: ConverterProcessOptions;
  #child: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  #gone: Promise<void> = Promise.resolve();
  #stopped = false;
  #stderr = '';

  constructor(options: ConverterProcessOptions) {
    this.#options = options;
  }

  start(): void {
    const { path, arguments: args, onOutput } = this.#options;
    const child = spawn(path, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { LC_ALL: 'C' }, cwd: '/' });
    this.#child = child;
    // FFmpeg may close its end early (EPIPE), which its end tells better.
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (bytes: Buffer) => {
      if (!this.#stopped) onOutput(bytes);
    });
    child.stderr.on('data', (bytes: Buffer) => {
      this.#stderr = (this.#stderr + bytes.toString('utf8')).slice(-STDERR_TAIL_CHARACTERS);
    });
    this.#gone = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#end(`FFmpeg cannot be started: ${error.message}`);
        resolve();
      });
      child.once('close', (exitCode, signal) => {
        this.#end(`FFmpeg ended with ${signal ?? exitCode ?? 'no code'}${this.#said()}`);
        resolve();
      });
    });
  }

  /** Hands bytes over in order; they must not change until they are taken. */
  write(parts: readonly Uint8Array[]): void {
    const stdin = this.#child?.stdin;
    if (this.#stopped || !stdin?.writable) return;
    stdin.cork();
    for (const part of parts) stdin.write(part);
    stdin.uncork();
  }

  /** Bytes that FFmpeg has not taken yet. */
  get queuedBytes(): number {
    return this.#child?.stdin.writableLength ?? 0;
  }

  /** Kills it (SIGKILL); resolves when it is gone. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#child?.kill('SIGKILL');
    return this.#gone;
  }

  #end(why: string): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#options.onEnd(why);
  }

  #said(): string {
    const line = this.#stderr.trim().split('\n').at(-1)?.trim();
    return line ? ` (it said: ${line})` : '';
  }
}
