import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { GatewayError } from './gateway-error.ts';

/** sockaddr_un has 108 bytes on Linux, 104 on macOS. */
const LONGEST_SOCKET_PATH = 100;

/** Held while a backup is made: no file may be removed then. */
export function backupLock(dataDir: string): DataFolderLock {
  return new DataFolderLock(dataDir, 'backup');
}

/**
 * Keeps a second gateway off a data folder: a local socket that dies with its process, so that a crash leaves no lock
 * behind. Held from `acquire` to `release`.
 */
export class DataFolderLock {
  readonly #folder: string;
  readonly #holder: 'gateway' | 'backup';
  readonly #path: string;
  #server: Server | undefined;

  /** `holder` is who must be alone: the gateway, or a backup. */
  constructor(folder: string, holder: 'gateway' | 'backup' = 'gateway') {
    this.#folder = resolve(folder);
    this.#holder = holder;
    const path = join(this.#folder, `${holder}.lock`);
    const place = holder === 'gateway' ? this.#folder : path;
    const name = createHash('sha256').update(place).digest('hex').slice(0, 32);
    this.#path = path.length <= LONGEST_SOCKET_PATH ? path : join(tmpdir(), `gantry-${name}.lock`);
  }

  /** True while someone (this process too) holds it. */
  isHeld(): Promise<boolean> {
    return isAnswered(this.#path);
  }

  /** Throws `conflict` when another gateway holds the folder. */
  async acquire(): Promise<void> {
    if (await isAnswered(this.#path)) {
      const message =
        this.#holder === 'gateway'
          ? `another gateway is running on the data folder ${this.#folder}: stop it first, or give this one its own folder with --data`
          : `a backup of the data folder ${this.#folder} is being made already: wait until it is done`;
      throw new GatewayError('conflict', message);
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
