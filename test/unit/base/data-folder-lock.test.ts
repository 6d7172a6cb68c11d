import { spawn } from 'node:child_process';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DataFolderLock } from '../../../gateway/base/data-folder-lock.ts';

it('keeps a second gateway off the folder until the first lets go', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-lock-'));
  const first = new DataFolderLock(folder);
  await first.acquire();
  await expect(new DataFolderLock(folder).acquire()).rejects.toMatchObject({
    code: 'conflict',
    message: /--data/,
  });
  await first.release();
  const second = new DataFolderLock(folder);
  await second.acquire();
  await second.release();
});

it('is free again when its holder was killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-lock-'));
  const source = new URL('../../../gateway/base/data-folder-lock.ts', import.meta.url);
  const script = `const { DataFolderLock } = await import(${JSON.stringify(source.href)});
    await new DataFolderLock(process.argv[1]).acquire(); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((held) => child.stdout.once('data', held));
  await expect(new DataFolderLock(folder).acquire()).rejects.toMatchObject({ code: 'conflict' });
  const gone = new Promise((exit) => child.once('exit', exit));
  child.kill('SIGKILL');
  await gone;
  const lock = new DataFolderLock(folder);
  await lock.acquire();
  await lock.release();
});

it('works in a folder whose path is too long for a socket', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'gantry-lock-')), 'd'.repeat(120));
  await mkdir(folder);
  const lock = new DataFolderLock(folder);
  await lock.acquire();
  await expect(new DataFolderLock(folder).acquire()).rejects.toMatchObject({ code: 'conflict' });
  await lock.release();
});
