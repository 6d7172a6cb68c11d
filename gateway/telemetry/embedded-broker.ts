import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Backoff } from '../base/backoff.ts';
import type { CancelTimer, Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { Logger } from '../base/logger.ts';
import type { BrokerReport, BrokerSettings } from './embedded-broker-process.ts';
import type { BrokerAddress } from './broker-address.ts';

type BrokerChild = ChildProcessByStdio<Writable, Readable, Readable>;

const PROGRAM = fileURLToPath(new URL('./embedded-broker-process.ts', import.meta.url));
/** Bounds what absent subscribers with stored sessions can pile up; past it the broker dies and is started anew. */
const MAX_HEAP_MB = 256;
const STOP_MS = 3000;
const STDERR_LINES = 20;

/**
 * The broker that comes with the gateway (MQTT 3.1.1), in a process of its own: it outlives a killed gateway by some
 * seconds, so that subscribers see the last will. Restarted when it dies. One for the gateway.
 */
export class EmbeddedBroker {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #settings: BrokerSettings;
  readonly #backoff = new Backoff({ firstMs: 500, maxMs: 10_000, jitter: 0.2 });
  #child: BrokerChild | undefined;
  #stopped = true;
  #cancelRestart: CancelTimer | undefined;

  constructor(options: {
    clock: Clock;
    logger: Logger;
    host: string;
    /** 0 picks a free one. */
    port: number;
    topicRoot: string;
    portWaitMs?: number;
  }) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#settings = {
      host: options.host,
      port: options.port,
      portWaitMs: options.portWaitMs ?? 15_000,
      root: options.topicRoot,
      username: 'gateway',
      password: randomBytes(24).toString('base64url'),
    };
  }

  /** Resolves when the broker listens, with the address for the gateway itself; throws `port-in-use` after `portWaitMs` of trying. */
  async start(): Promise<BrokerAddress & { port: number }> {
    this.#stopped = false;
    this.#settings.port = await this.#spawn();
    const { host, port, username, password } = this.#settings;
    const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
    const url = `mqtt://${name.includes(':') ? `[${name}]` : name}:${port}`;
    return { url, port, username, password, versions: [4] };
  }

  /** The broker's process id, for messages and tests; undefined while it does not run. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Lets deliveries under way finish and ends the broker. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRestart?.();
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(STOP_MS, () => child.kill('SIGKILL'));
      child.once('close', () => {
        cancel();
        resolve();
      });
      child.stdin.end('{"stop":true}\n');
    });
  }

  async #spawn(): Promise<number> {
    // Its own process group: Ctrl+C in a terminal is for the gateway, which then says goodbye to its broker.
    const child: BrokerChild = spawn(process.execPath, [`--max-old-space-size=${MAX_HEAP_MB}`, PROGRAM], {
      detached: true,
      env: {},
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdin.on('error', () => undefined);
    const errors = createInterface({ input: child.stderr });
    let lines = 0;
    errors.on('line', (line) => {
      lines += 1;
      if (lines <= STDERR_LINES) this.#logger.warn({ line: line.slice(0, 500) }, 'the embedded broker says');
    });
    child.stdin.write(`${JSON.stringify(this.#settings)}\n`);
    const port = await this.#ready(child);
    this.#backoff.reset();
    child.once('close', (code, signal) => this.#ended(code, signal));
    return port;
  }

  #ready(child: BrokerChild): Promise<number> {
    const { port } = this.#settings;
    return new Promise((resolve, reject) => {
      const fail = (code: string, message: string) => {
        const taken = code === 'EADDRINUSE';
        const text = taken
          ? `port ${port} for the embedded MQTT broker is taken by another program: stop that program, or set mqtt.embedded.port to a free port (0 turns the broker off), or name that broker in mqtt.url`
          : `the embedded MQTT broker did not start: ${message}`;
        reject(new GatewayError(taken ? 'port-in-use' : 'internal', text));
      };
      child.once('error', (error) => fail('ERROR', error.message));
      child.once('close', (code) => fail('ERROR', `it ended with code ${code}`));
      createInterface({ input: child.stdout }).once('line', (line) => {
        const report = JSON.parse(line) as BrokerReport;
        if (report.ready) resolve(report.port);
        else fail(report.code, report.message);
      });
    });
  }

  #ended(code: number | null, signal: string | null): void {
    this.#child = undefined;
    if (this.#stopped) return;
    this.#logger.error({ code, signal }, 'the embedded broker ended and is started anew');
    this.#restart();
  }

  #restart(): void {
    if (this.#stopped) return;
    this.#cancelRestart = this.#clock.after(this.#backoff.nextMs(), () => {
      this.#spawn().catch((error: unknown) => {
        this.#logger.error({ error }, 'the embedded broker did not start');
        this.#restart();
      });
    });
  }
}
