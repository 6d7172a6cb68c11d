import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError, messageOf } from '../../base/gateway-error.ts';
import { TIMELAPSE_FILE } from '../../ffmpeg/timelapse-arguments.ts';

const FILE = /^([a-z0-9_]{1,80})\.mp4$/;

/**
 * The files of time-lapses: one `{id}.mp4` each, whole or not there; work under way in `{id}.part/`. Survives a power
 * cut between any two steps.
 */
export class TimelapseFolder {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Makes the folder; removes work that was interrupted and files that `isKnown` does not name. Returns how many went. */
  async open(isKnown: (id: string) => boolean): Promise<number> {
    await mkdir(this.#root, { recursive: true, mode: 0o750 });
    let removed = 0;
    for (const name of await readdir(this.#root)) {
      const id = FILE.exec(name)?.[1];
      if (id !== undefined && isKnown(id)) continue;
      await rm(join(this.#root, name), { recursive: true, force: true });
      removed += 1;
    }
    return removed;
  }

  /** An empty folder for the work on a film. */
  async begin(id: string): Promise<string> {
    const folder = this.#partOf(id);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o750 });
    return folder;
  }

  /** Gives the finished film its name, when its bytes are on disk; returns their number. */
  async publish(id: string): Promise<number> {
    const made = join(this.#partOf(id), TIMELAPSE_FILE);
    try {
      const bytes = await synced(made);
      await rename(made, this.#fileOf(id));
      await synced(this.#root);
      await this.abandon(id);
      return bytes;
    } catch (error) {
      throw new GatewayError('storage-failed', `cannot keep the time-lapse ${id}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  /** Removes the work on a film. */
  async abandon(id: string): Promise<void> {
    await rm(this.#partOf(id), { recursive: true, force: true });
  }

  async remove(id: string): Promise<void> {
    await rm(this.#fileOf(id), { force: true });
  }

  /** Bytes of the film; undefined when there is none. */
  async size(id: string): Promise<number | undefined> {
    const stats = await stat(this.#fileOf(id)).catch(() => undefined);
    return stats?.isFile() ? stats.size : undefined;
  }

  /** The bytes from `start` to before `end`. */
  read(id: string, start: number, end: number): AsyncIterable<Buffer> {
    if (end <= start) return noBytes();
    return createReadStream(this.#fileOf(id), { start, end: end - 1, highWaterMark: 256 * 1024 });
  }

  /** Bytes that may still be written to the disk. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#root);
    return bavail * bsize;
  }

  #fileOf(id: string): string {
    return join(this.#root, `${id}.mp4`);
  }

  #partOf(id: string): string {
    return join(this.#root, `${id}.part`);
  }
}

async function* noBytes(): AsyncGenerator<Buffer> {}

/** Puts a file or folder on disk; returns its size. */
async function synced(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}
