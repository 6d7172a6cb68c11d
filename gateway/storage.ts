import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { Blobs } from './base/blobs.ts';
import { DataFolderLock } from './base/data-folder-lock.ts';
import { openDatabase } from './base/database.ts';
import type { Database } from './base/database.ts';
import { FileBlobs } from './base/file-blobs.ts';
import { GatewayError } from './base/gateway-error.ts';
import type { Logger } from './base/logger.ts';
import { migrate } from './base/migrations.ts';
import { fleetMigrations } from './fleet/fleet-migrations.ts';
import { SecretBox, loadSecretKey } from './fleet/secret-box.ts';
import { migrations as snapshotsMigrations } from './snapshots/snapshots-migrations.ts';
import { timelapseMigrations } from './snapshots/timelapse/timelapse-migrations.ts';
import { statusMigrations } from './status/status-migrations.ts';
import { telemetryMigrations } from './telemetry/telemetry-migrations.ts';
import { webMigrations } from './web/web-migrations.ts';

/** All that the gateway keeps on disk; open from start to stop. */
export interface Storage {
  database: Database;
  blobs: Blobs;
  secretBox: SecretBox;
  close(): Promise<void>;
}

/** Makes and locks the data folder, opens the database and brings it up to date. Throws `conflict`, `storage-failed`, `config-invalid`. */
export async function openStorage(config: Config, logger: Logger): Promise<Storage> {
  const { dataDir } = config;
  await mkdir(dataDir, { recursive: true, mode: 0o750 }).catch((error: unknown) => {
    throw new GatewayError('storage-failed', `the data folder ${dataDir} cannot be made: check who owns it`, {
      cause: error,
    });
  });
  const lock = new DataFolderLock(dataDir);
  await lock.acquire();
  const secretBox = new SecretBox(await loadSecretKey(join(dataDir, 'secret.key')));
  const blobs = new FileBlobs(pictureFolder(config));
  const cut = await blobs.sweepPartials();
  if (cut > 0) logger.warn({ files: cut }, 'removed files whose writing was interrupted');
  const database = openDatabase(config.store.url ?? `sqlite:${join(dataDir, 'gantry.db')}`);
  const applied = await migrate(database, [
    ...fleetMigrations,
    ...snapshotsMigrations,
    ...timelapseMigrations,
    ...statusMigrations,
    ...telemetryMigrations,
    ...webMigrations,
  ]);
  if (applied.length > 0) logger.info({ applied }, 'the database was brought up to date');
  return {
    database,
    blobs,
    secretBox,
    async close() {
      await database.destroy();
      await lock.release();
    },
  };
}

function pictureFolder({ blobs, dataDir }: Config): string {
  if (blobs.url === undefined) return join(dataDir, 'pictures');
  if (blobs.url.startsWith('file:')) return blobs.url.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
  throw new GatewayError('config-invalid', 'blobs.url is not supported in this version: use file:PATH');
}
