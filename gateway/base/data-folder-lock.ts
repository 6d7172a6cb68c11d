import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { GatewayError } from './gateway-error.ts';

/** sockaddr_un has 108 bytes on Linux, 104 on macOS. */
const LONGEST_SOCKET_PATH = 100;

/**
 * Keeps a second gateway off a data folder: a local socket that dies with its process, so that a crash leaves no lock
 * behind. Held from `acquire` to `release`.
 */
export class DataFolderLock {
  readonly #folder: string;
  readonly #path: string;
  #server: Server | undefined;

  constructor(folder: string) {
    this.#folder = resolve(folder);
    const path = join(this.#folder, 'gateway.lock');
    const name = createHash('sha256').update(this.#folder).digest('hex').slice(0, 32);
    this.#path = path.length <= LONGEST_SOCKET_PATH ? path : join(tmpdir(), `gantry-${name}.lock`);
  }

  /** Throws `conflict` when another gateway holds the folder. */
  async acquire(): Promise<void> {
    if (await isAnswered(this.#path)) {
      throw new GatewayError(
        'conflict',
        `another gateway is running on the data folder ${this.#folder}: stop it first, or give this one its own folder with --data`,
      );
    }
    await rm(this.#path, { force: true });
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((done, failed) => {
      server.once('error', failed);
      server.listen(this.#path, done);
    });
    server.unref();
    this.#server = server;
  }

  async release(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server) await new Promise<void>((done) => server.close(() => done()));
  }
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
