import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits until something holds; fails with `what` after the time. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > giveUpAt) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A real Mosquitto broker (Debian's), which keeps its sessions and retained messages over restarts. */
export class Mosquitto {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  /** `listenerLines`: more of mosquitto.conf(5) about its listener. */
  static async create(port?: number, listenerLines: readonly string[] = []): Promise<Mosquitto> {
    const folder = await mkdtemp(join(tmpdir(), 'mosquitto-'));
    const broker = new Mosquitto(port ?? (await freePort()), folder);
    const lines = [
      `listener ${broker.port} 127.0.0.1`,
      ...listenerLines,
      'allow_anonymous true',
      'user root',
      'persistence true',
      `persistence_location ${folder}/`,
      'autosave_interval 1',
      'autosave_on_changes true',
      'max_queued_messages 0',
    ];
    await writeFile(join(folder, 'mosquitto.conf'), lines.join('\n'));
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.#process = spawn('/usr/sbin/mosquitto', ['-c', join(this.#folder, 'mosquitto.conf')], {
      stdio: 'ignore',
    });
    await until('mosquitto listens', () => canConnect(this.port));
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Debian's mosquitto_sub as the third party that listens; collects what it prints. */
export class MosquittoSub {
  readonly messages: { topic: string; retained: boolean; payload: string }[] = [];
  readonly #child: ChildProcess;

  /** `version` as in `-V`; `more` further options. */
  constructor(port: number, filter: string, version: '311' | '5' = '311', more: string[] = []) {
    const options = ['-h', '127.0.0.1', '-p', String(port), '-t', filter, '-q', '1', '-F', '%r %t %p'];
    this.#child = spawn(
      'mosquitto_sub',
      [...options, '-V', version === '5' ? 'mqttv5' : 'mqttv311', ...more],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const { stdout } = this.#child;
    if (!stdout) throw new Error('no output to read');
    createInterface({ input: stdout }).on('line', (line) => {
      const [retained = '', topic = '', ...payload] = line.split(' ');
      this.messages.push({ topic, retained: retained === '1', payload: payload.join(' ') });
    });
  }

  /** Payloads of one topic, in order, as JSON. */
  of(topic: string): Record<string, unknown>[] {
    return this.messages
      .filter((message) => message.topic === topic && message.payload !== '')
      .map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill();
    await once(this.#child, 'exit');
  }
}

/** Debian's mosquitto_pub; resolves with its exit code. */
export async function mosquittoPub(
  port: number,
  topic: string,
  payload: string,
  more: string[] = [],
): Promise<number> {
  const options = ['-h', '127.0.0.1', '-p', String(port), '-t', topic, '-q', '1', ...more];
  const child = spawn('mosquitto_pub', [...options, ...(payload === '' ? ['-n'] : ['-m', payload])], {
    stdio: 'ignore',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? -1;
}

/** True when something listens there. */
export function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
