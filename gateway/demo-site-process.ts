import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GatewayError } from './base/gateway-error.ts';

const PROGRAM = join(import.meta.dirname, '../scripts/demo-site/main.ts');
/** Long enough to draw and encode the pictures of the first start on a slow machine. */
const READY_TIMEOUT_MS = 300_000;

/** The sign-in of every simulated camera; printed for the user, who enters it like that of any camera. */
export const demoCredentials = { username: 'admin', password: 'gantry-demo' } as const;

/** The demo site: a program of its own that the command line starts beside the gateway, which does not know of it. */
export class DemoSiteProcess {
  readonly #args: string[];
  readonly #ffmpegPath: string;
  #child: ChildProcess | undefined;

  constructor(options: {
    cameras: number;
    basePort: number;
    cacheDir: string;
    ffmpegPath: string;
    timeZone: string;
  }) {
    const { cameras, basePort, cacheDir, timeZone } = options;
    this.#ffmpegPath = options.ffmpegPath;
    this.#args = ['--cameras', String(cameras), '--base-port', String(basePort), '--cache', cacheDir];
    this.#args.push('--time-zone', timeZone);
    this.#args.push('--username', demoCredentials.username, '--password', demoCredentials.password);
  }

  /** Resolves when all cameras answer; throws `port-in-use` or `internal` with the program's own words. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [PROGRAM, ...this.#args, '--exit-with-parent'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, GANTRY_FFMPEG: this.#ffmpegPath },
    });
    this.#child = child;
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-4000);
    });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(failure('did not become ready', words)), READY_TIMEOUT_MS);
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.includes('"ready":true')) resolve();
      });
      child.once('error', reject);
      child.once('exit', () => reject(failure('ended', words)));
      child.once('close', () => clearTimeout(timer));
      child.stdout.once('data', () => clearTimeout(timer));
    });
  }

  /** Ends the program, this one by its id; it has five seconds to say goodbye. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(timer);
  }
}

function failure(what: string, words: string): GatewayError {
  const code = /port/i.test(words) && /taken|in use/i.test(words) ? 'port-in-use' : 'internal';
  return new GatewayError(code, `the demo site ${what}: ${words.trim() || 'it said nothing'}`);
}
