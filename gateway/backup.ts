import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync, backup as copyDatabase } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Config } from '../config/schema.ts';
import { backupLock } from './base/data-folder-lock.ts';
import { sqlitePath } from './base/database.ts';
import { FileBlobs } from './base/file-blobs.ts';
import { GatewayError, messageOf } from './base/gateway-error.ts';
import { syncFolder } from './base/sync-folder.ts';
import { originalOf } from './snapshots/blob-keys.ts';
import { EVIDENCE_KEY_FILE, databaseUrl, pictureFolder } from './storage.ts';

/** Names inside a backup. */
export const backupNames = { database: 'gantry.db', keys: 'keys/', pictures: 'pictures/' } as const;

/** The keys of a data folder: without them passwords and signatures are lost. */
export const KEY_FILES = ['secret.key', EVIDENCE_KEY_FILE] as const;

const RAW = { compress: false, mode: 0o100600 } as const;
/** Entries handed to the ZIP writer at once; the rest wait, so that memory does not grow with the record. */
const MOST_WAITING = 64;

/**
 * Copies a data folder into one ZIP beside a running gateway: first the database (SQLite's online backup), then every
 * picture that it names. Pictures are on disk before their rows, and none is removed while the backup is made. The file
 * appears under its name when it is whole. Throws `conflict` when it is there already, `storage-failed`.
 */
export async function backUp(config: Config, file: string): Promise<{ pictures: number; bytes: number }> {
  const lock = backupLock(config.dataDir);
  await refuseExisting(file);
  await requireRecord(config);
  await lock.acquire();
  const partial = join(dirname(file), `.${basename(file)}.partial`);
  const folder = await mkdtemp(join(dirname(file), '.gantry-backup-'));
  try {
    const copy = join(folder, backupNames.database);
    await copyOf(sqlitePath(databaseUrl(config)), copy);
    const pictures = await writeZip(config, copy, partial);
    await rename(partial, file);
    await syncFolder(dirname(file));
    return { pictures, bytes: (await stat(file)).size };
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof GatewayError) throw error;
    throw new GatewayError('storage-failed', `the backup could not be made: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
    await lock.release();
  }
}

async function requireRecord(config: Config): Promise<void> {
  await stat(sqlitePath(databaseUrl(config))).catch(() => {
    throw new GatewayError(
      'not-found',
      `there is no record in ${config.dataDir}: name its folder with --data`,
    );
  });
}

async function refuseExisting(file: string): Promise<void> {
  const known = await stat(file).catch(() => null);
  if (known) throw new GatewayError('conflict', `${file} is there already: choose another name`);
}

async function copyOf(path: string, copy: string): Promise<void> {
  const source = new DatabaseSync(path, { readOnly: true });
  try {
    source.exec('PRAGMA busy_timeout = 5000');
    await copyDatabase(source, copy);
  } finally {
    source.close();
  }
}

async function writeZip(config: Config, copy: string, partial: string): Promise<number> {
  const zip = new ZipFile();
  const output = createWriteStream(partial, { flags: 'w', mode: 0o600, flush: true });
  const written = pipeline(zip.outputStream, output);
  const broken = new Promise<never>((_, reject) => zip.on('error', reject));
  const work = (async (): Promise<number> => {
    zip.addFile(copy, backupNames.database, RAW);
    for (const name of KEY_FILES) zip.addFile(join(config.dataDir, name), backupNames.keys + name, RAW);
    const pictures = await addPictures(zip, config, copy);
    zip.end();
    await written;
    return pictures;
  })();
  return Promise.race([work, broken, written.then(() => work)]);
}

async function addPictures(zip: ZipFile, config: Config, copy: string): Promise<number> {
  const root = pictureFolder(config);
  const names = new DatabaseSync(copy, { readOnly: true });
  const isNamed = names.prepare('select 1 from snapshots where blob_key = ?');
  let waiting = 0;
  let pictures = 0;
  let wake: (() => void) | undefined;
  try {
    for await (const key of new FileBlobs(root).list('')) {
      // What the copy does not name was recorded later, or is left of an interruption.
      if (key.startsWith('snapshots/') && isNamed.get(originalOf(key)) === undefined) continue;
      if (key.startsWith('snapshots/') && originalOf(key) === key) pictures += 1;
      waiting += 1;
      zip.addReadStreamLazy(backupNames.pictures + key, RAW, (give) => {
        const stream = createReadStream(join(root, key));
        stream.once('close', () => {
          waiting -= 1;
          wake?.();
        });
        give(null, stream);
      });
      if (waiting < MOST_WAITING) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    names.close();
  }
  return pictures;
}
