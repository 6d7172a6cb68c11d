import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUp } from '../../../gateway/backup.ts';
import { backupLock } from '../../../gateway/base/data-folder-lock.ts';
import { restore } from '../../../gateway/restore.ts';
import { WrittenRecord } from './evidence/written-record.ts';

let record: WrittenRecord;
let elsewhere: string;
let file: string;

beforeEach(async () => {
  record = await WrittenRecord.open();
  await writeFile(join(record.folder, 'secret.key'), 'k'.repeat(32), { mode: 0o600 });
  elsewhere = await mkdtemp(join(tmpdir(), 'gantry-backup-'));
  file = join(elsewhere, 'backup.zip');
});
afterEach(async () => {
  await record.close();
  await rm(elsewhere, { recursive: true });
});

const target = (): string => join(elsewhere, 'restored');

describe('a backup', () => {
  it('made while pictures are being recorded is whole: every row has its file, the chain verifies', async () => {
    await record.takeDays(['cam_a', 'cam_b'], 1);
    const end = new AbortController();
    const writing = (async () => {
      while (!end.signal.aborted) {
        await record.take('cam_a');
        await record.take('cam_c');
      }
    })();
    const made = await backUp(record.config(), file);
    end.abort();
    await writing;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const config = record.config(target());
    await restore(config, file);
    const verdict = await record.verdict(target());
    expect(verdict.cameras.filter(({ ok }) => !ok)).toEqual([]);
    expect(verdict).toMatchObject({ ok: true, pictures: made.pictures, days: { checked: 1 } });
    expect(made.pictures).toBeGreaterThanOrEqual(6);
    expect(await readFile(join(target(), 'secret.key'), 'utf8')).toBe('k'.repeat(32));
    expect((await stat(join(target(), 'evidence.key'))).mode & 0o777).toBe(0o600);
  });

  it('keeps retention from removing files, and other backups off, as long as it is made', async () => {
    const lock = backupLock(record.folder);
    expect(await lock.isHeld()).toBe(false);
    await lock.acquire();
    await expect(backUp(record.config(), file)).rejects.toThrow(/is being made already/);
    expect(await backupLock(record.folder).isHeld()).toBe(true);
    await lock.release();
  });

  it('never overwrites a file, and leaves nothing behind where it fails', async () => {
    await writeFile(file, 'precious');
    await expect(backUp(record.config(), file)).rejects.toMatchObject({ code: 'conflict' });
    await rm(file);
    await rm(join(record.folder, 'secret.key'));
    await expect(backUp(record.config(), file)).rejects.toThrow(/secret\.key/);
    await expect(stat(file)).rejects.toThrow(/ENOENT/);
    await expect(backUp(record.config('/nonexistent'), file)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is restored into an empty folder only', async () => {
    await record.take();
    await backUp(record.config(), file);
    await expect(restore(record.config(), file)).rejects.toThrow(/is not empty/);
  });

  it('that is cut off or something else is refused, and never looks like a record', async () => {
    await record.take();
    await backUp(record.config(), file);
    await truncate(file, (await stat(file)).size - 200);
    await expect(restore(record.config(target()), file)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(stat(join(target(), 'gantry.db'))).rejects.toThrow(/ENOENT/);
  });
});
