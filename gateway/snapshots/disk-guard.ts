import { statfs } from 'node:fs/promises';
import type { CancelTimer, Clock } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';

export interface DiskGuardOptions {
  clock: Clock;
  /** Folders whose disks are watched: the database’s and the pictures’. */
  folders: readonly string[];
  /** Low below either of the two. */
  lowFreePercent: number;
  lowFreeMb: number;
  /** Tells a folder’s disk; the machine’s own unless a test says otherwise. */
  measure?: (folder: string) => Promise<DiskSpace>;
}

/** Space on a disk, bytes. */
export interface DiskSpace {
  freeBytes: number;
  totalBytes: number;
}

const LOOK_MS = 10_000;
const MB = 1_048_576;
/** Pictures are refused below this, so that the database can still record why. */
const MOST_RESERVED_BYTES = 64 * MB;
const RESERVED_SHARE = 0.02;

/** Watches the free space: says early that a disk runs full, and refuses pictures before the database cannot write. */
export class DiskGuard {
  readonly #options: DiskGuardOptions;
  #cancel: CancelTimer | undefined;
  #tight: { folder: string; space: DiskSpace } | null = null;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#look();
    this.#cancel = this.#options.clock.every(LOOK_MS, () => void this.#look());
  }

  stop(): void {
    this.#cancel?.();
  }

  /** A plain sentence while a disk is nearly full, else null. */
  get low(): string | null {
    if (!this.#tight) return null;
    const { folder, space } = this.#tight;
    return `The disk of ${folder} has ${sizeText(space.freeBytes)} of ${sizeText(space.totalBytes)} left. Make room or enlarge it: when it is full, no more pictures can be kept. Old pictures are never deleted to make room.`;
  }

  /** Throws `storage-failed` (`details.lowDisk`) when a disk has no room for a picture of this size. */
  async requireRoom(bytes = 0): Promise<void> {
    for (const folder of this.#options.folders) {
      const space = await this.#measure(folder);
      if (!space) continue;
      const reserved = Math.min(MOST_RESERVED_BYTES, space.totalBytes * RESERVED_SHARE);
      if (space.freeBytes - bytes >= reserved) continue;
      throw new GatewayError(
        'storage-failed',
        `the disk of ${folder} is full (${sizeText(space.freeBytes)} left): make room, then pictures are taken again`,
        { details: { lowDisk: true } },
      );
    }
  }

  async #look(): Promise<void> {
    const { folders, lowFreePercent, lowFreeMb } = this.#options;
    let tight: { folder: string; space: DiskSpace } | null = null;
    for (const folder of folders) {
      const space = await this.#measure(folder);
      if (!space) continue;
      const isLow =
        space.freeBytes < (space.totalBytes * lowFreePercent) / 100 || space.freeBytes < lowFreeMb * MB;
      if (isLow && (!tight || space.freeBytes < tight.space.freeBytes)) tight = { folder, space };
    }
    this.#tight = tight;
  }

  /** Null where the disk cannot be asked: then nothing is refused for it. */
  async #measure(folder: string): Promise<DiskSpace | null> {
    const { measure = spaceOf } = this.#options;
    return measure(folder).catch(() => null);
  }
}

async function spaceOf(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

function sizeText(bytes: number): string {
  return bytes >= 1024 * MB ? `${(bytes / 1024 / MB).toFixed(1)} GB` : `${Math.floor(bytes / MB)} MB`;
}
