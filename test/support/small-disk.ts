import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own (tmpfs, mounted by the test, which must run as root) that can be filled and made read-only. */
export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async mount(sizeMb: number): Promise<SmallDisk> {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'gantry-test', folder]);
    return new SmallDisk(folder);
  }

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.folder);
    return bavail * bsize;
  }

  /** Fills the disk up to so many bytes. */
  async fillUpTo(leftBytes: number): Promise<void> {
    await this.empty();
    const bytes = Math.max(0, (await this.freeBytes()) - leftBytes);
    await writeFile(this.#balloon, Buffer.alloc(Math.floor(bytes / 4096) * 4096));
  }

  /** Takes away what filled it. */
  async empty(): Promise<void> {
    await rm(this.#balloon, { force: true });
  }

  /** False when a file is being written just now: then nothing changes. */
  setReadOnly(isReadOnly: boolean): boolean {
    try {
      execFileSync('mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, this.folder], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }

  async unmount(): Promise<void> {
    execFileSync('umount', ['-l', this.folder]);
    await rm(this.folder, { recursive: true, force: true });
  }

  get #balloon(): string {
    return join(this.folder, 'balloon');
  }
}
