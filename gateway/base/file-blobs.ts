import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { Blobs } from './blobs.ts';
import { GatewayError, messageOf } from './gateway-error.ts';
import { syncFolder } from './sync-folder.ts';

const KEY = /^[a-z0-9_-][a-z0-9._-]*(\/[a-z0-9_-][a-z0-9._-]*)*$/;
/** Files under way; a key cannot begin with a dot. On the same file system, so that the rename is atomic. */
const PARTIALS = '.partial';

/** Blobs as files under one folder; survives a power cut between any two steps (temporary file, fsync, rename, fsync of the folder). */
export class FileBlobs implements Blobs {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const path = this.#path(key);
    const partial = join(this.#root, PARTIALS, randomBytes(12).toString('hex'));
    try {
      await this.#ensureFolder(dirname(path));
      await mkdir(dirname(partial), { recursive: true, mode: 0o750 });
      await writeDurably(partial, bytes);
      await rename(partial, path);
      await syncFolder(dirname(path));
    } catch (error) {
      await rm(partial, { force: true });
      throw new GatewayError('storage-failed', `cannot write ${path}: ${messageOf(error)}`, { cause: error });
    }
  }

  async get(key: string): Promise<Buffer | undefined> {
    try {
      return await readFile(this.#path(key));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new GatewayError('storage-failed', `cannot read ${key}: ${messageOf(error)}`, { cause: error });
    }
  }

  async delete(key: string): Promise<void> {
    const path = this.#path(key);
    await rm(path, { force: true });
    await syncFolder(dirname(path)).catch(() => undefined);
  }

  /** Reads folder by folder: memory does not grow with the number of keys. */
  async *list(prefix: string): AsyncIterable<string> {
    const folder = prefix === '' ? '' : `${prefix.replace(/\/+$/, '')}/`;
    const entries = await readdir(join(this.#root, prefix), { withFileTypes: true }).catch(
      (error: unknown) => {
        if (isMissing(error)) return [];
        throw new GatewayError('storage-failed', `cannot list ${prefix}: ${messageOf(error)}`, {
          cause: error,
        });
      },
    );
    for (const entry of entries) {
      const key = folder + entry.name;
      if (key === PARTIALS) continue;
      if (entry.isDirectory()) yield* this.list(key);
      else if (entry.isFile()) yield key;
    }
  }

  /** Removes what an interrupted `put` left; call before the first write. Returns the number of files removed. */
  async sweepPartials(): Promise<number> {
    const folder = join(this.#root, PARTIALS);
    const names = await readdir(folder).catch(() => []);
    for (const name of names) await rm(join(folder, name), { force: true });
    return names.length;
  }

  #path(key: string): string {
    if (!KEY.test(key)) throw new GatewayError('internal', `"${key}" is not a blob key`);
    return join(this.#root, ...key.split('/'));
  }

  /** Makes missing folders and syncs the parent of each new one, so that the path itself survives a power cut. */
  async #ensureFolder(folder: string): Promise<void> {
    const first = await mkdir(folder, { recursive: true, mode: 0o750 });
    if (first === undefined) return;
    for (let made = folder; made.length >= first.length; made = dirname(made))
      await syncFolder(dirname(made));
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o640);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
