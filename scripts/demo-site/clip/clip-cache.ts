import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readClip, type Clip } from './clip-file.ts';
import { clipKey, type ClipSpec } from './clip-spec.ts';

const makerPath = fileURLToPath(new URL('clip-maker.ts', import.meta.url));
const makersAtOnce = 2;
const keepMs = 3 * 86_400_000;
const leftoverMs = 3_600_000;

/** Clips made once and kept in a folder; each is drawn and encoded in a process of its own. */
export class ClipCache {
  private readonly folder: string;
  private readonly log: (line: string) => void;
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(folder: string, log: (line: string) => void) {
    this.folder = folder;
    this.log = log;
  }

  /** Makes the folder and forgets clips older than three days and what a killed maker left. */
  async start(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const oldMs = Date.now() - (await stat(path)).mtimeMs;
      if (name.startsWith('.making-') || name.endsWith('.part')) {
        if (oldMs > leftoverMs) await rm(path, { recursive: true, force: true });
      } else if (name.endsWith('.clip') && oldMs > keepMs) await rm(path, { force: true });
    }
  }

  /** Both profiles of a clip, out of the cache or newly made. `gently`: at low priority, beside running streams. */
  async get(spec: ClipSpec, gently = false): Promise<{ main: Clip; sub: Clip }> {
    const prefix = join(this.folder, clipKey(spec));
    const kept = await this.read(prefix).catch(() => undefined); // missing or damaged: made anew
    if (kept !== undefined) return kept;
    await this.make(spec, prefix, gently);
    return this.read(prefix);
  }

  private async read(prefix: string): Promise<{ main: Clip; sub: Clip }> {
    const [main, sub] = await Promise.all([readClip(`${prefix}.main.clip`), readClip(`${prefix}.sub.clip`)]);
    return { main, sub };
  }

  private async make(spec: ClipSpec, prefix: string, gently: boolean): Promise<void> {
    while (this.running >= makersAtOnce) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running += 1;
    const startMs = Date.now();
    try {
      const env = { ...process.env, DEMO_SITE_LOW_PRIORITY: gently ? '1' : '0' };
      const child = spawn(process.execPath, [makerPath, JSON.stringify(spec), prefix], {
        env,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const stop = (): boolean => child.kill();
      process.once('exit', stop);
      const [code] = (await once(child, 'close')) as [number | null];
      process.off('exit', stop);
      if (code !== 0)
        throw new Error(`The demo site could not make the pictures of ${spec.scene} (see the lines above).`);
      this.log(
        `made ${spec.scene} ${spec.width}x${spec.height} ${spec.codec} ${spec.part} in ${((Date.now() - startMs) / 1000).toFixed(1)} s`,
      );
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }
}
