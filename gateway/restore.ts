import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import type { Config } from '../config/schema.ts';
import { KEY_FILES, backupNames } from './backup.ts';
import { DataFolderLock } from './base/data-folder-lock.ts';
import { sqlitePath } from './base/database.ts';
import { GatewayError, messageOf } from './base/gateway-error.ts';
import { syncFolder } from './base/sync-folder.ts';
import { databaseUrl, pictureFolder } from './storage.ts';

const KEY = /^[a-z0-9_-][a-z0-9._-]*(\/[a-z0-9_-][a-z0-9._-]*)*$/;

/**
 * Unpacks a backup into an empty data folder. The database takes its name last: a folder whose restoring was broken off
 * never looks whole. Throws `conflict` when the folder is not empty, `bad-request` when the file is no backup.
 */
export async function restore(config: Config, file: string): Promise<{ files: number; bytes: number }> {
  const { dataDir } = config;
  await mkdir(dataDir, { recursive: true, mode: 0o750 });
  const lock = new DataFolderLock(dataDir);
  await lock.acquire();
  try {
    await requireEmpty(dataDir);
    await requireEmpty(pictureFolder(config));
    return await unpack(config, file);
  } finally {
    await lock.release();
  }
}

async function unpack(config: Config, file: string): Promise<{ files: number; bytes: number }> {
  const database = sqlitePath(databaseUrl(config));
  const total = { files: 0, bytes: 0 };
  const folders = new Set<string>();
  const zip = await openPromise(file).catch((error: unknown) => {
    throw new GatewayError('bad-request', `${file} is no backup: ${messageOf(error)}`, { cause: error });
  });
  try {
    for await (const entry of zip.eachEntry()) {
      const path = placeOf(entry.fileName, config, database);
      await mkdir(dirname(path), { recursive: true, mode: 0o750 });
      await writeEntry(zip, entry, path);
      folders.add(dirname(path));
      total.files += 1;
      total.bytes += entry.uncompressedSize;
    }
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    throw new GatewayError(
      'storage-failed',
      `restoring broke off: ${messageOf(error)}; empty the folder and try again`,
      {
        cause: error,
      },
    );
  } finally {
    zip.close();
  }
  for (const folder of folders) await syncFolder(folder);
  await rename(`${database}.restoring`, database).catch((error: unknown) => {
    throw new GatewayError('bad-request', `${file} is no backup: it has no database`, { cause: error });
  });
  await syncFolder(dirname(database));
  return total;
}

/** Where an entry goes; only names that a backup has are taken, so that none leads out of the folder. */
function placeOf(name: string, config: Config, database: string): string {
  if (name === backupNames.database) return `${database}.restoring`;
  const key = KEY_FILES.find((each) => name === backupNames.keys + each);
  if (key !== undefined) return join(config.dataDir, key);
  const blobKey = name.startsWith(backupNames.pictures) ? name.slice(backupNames.pictures.length) : '';
  if (KEY.test(blobKey)) return join(pictureFolder(config), ...blobKey.split('/'));
  throw new GatewayError('bad-request', `this is no backup of a gateway: it holds ${name.slice(0, 80)}`);
}

async function writeEntry(zip: ZipFile, entry: Entry, path: string): Promise<void> {
  const bytes = await zip.openReadStreamPromise(entry);
  await pipeline(bytes, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }));
}

async function requireEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const others = names.filter((name) => !name.endsWith('.lock'));
  if (others.length === 0) return;
  throw new GatewayError(
    'conflict',
    `${folder} is not empty (${others.slice(0, 3).join(', ')}): restore into a new folder with --data`,
  );
}
