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
import { loadEvidenceKey } from './snapshots/evidence/evidence-key.ts';
import type { EvidenceKey } from './snapshots/evidence/evidence-key.ts';
import { SnapshotStore } from './snapshots/snapshot-store.ts';
import { migrations as snapshotsMigrations } from './snapshots/snapshots-migrations.ts';
import { timelapseMigrations } from './snapshots/timelapse/timelapse-migrations.ts';
import { statusMigrations } from './status/status-migrations.ts';
import { telemetryMigrations } from './telemetry/telemetry-migrations.ts';
import { warningsMigrations } from './warnings/warnings-migrations.ts';
import { webMigrations } from './web/web-migrations.ts';

/** All that the gateway keeps on disk; open from start to stop. */
export interface Storage {
  database: Database;
  blobs: Blobs;
  secretBox: SecretBox;
  /** Signs the record. */
  evidenceKey: EvidenceKey;
  /** The folders whose disks must not run full. */
  folders: readonly string[];
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
  const pictures = pictureFolder(config);
  const blobs = new FileBlobs(pictures);
  const cut = await blobs.sweepPartials();
  if (cut > 0) logger.warn({ files: cut }, 'removed files whose writing was interrupted');
  await mkdir(pictures, { recursive: true, mode: 0o750 });
  const database = openDatabase(databaseUrl(config));
  await bringUpToDate(database, logger);
  const evidenceKey = await loadEvidenceKey(join(dataDir, EVIDENCE_KEY_FILE), async (key) => {
    const adopted = await new SnapshotStore(database, key).adopt();
    if (adopted > 0) logger.info({ cameras: adopted }, 'signed the records that are older than the key');
  });
  return {
    database,
    blobs,
    secretBox,
    evidenceKey,
    folders: [dataDir, pictures],
    async close() {
      await database.destroy();
      await lock.release();
    },
  };
}

async function bringUpToDate(database: Database, logger: Logger): Promise<void> {
  const applied = await migrate(database, [
    ...fleetMigrations,
    ...snapshotsMigrations,
    ...timelapseMigrations,
    ...statusMigrations,
    ...telemetryMigrations,
    ...warningsMigrations,
    ...webMigrations,
  ]);
  if (applied.length > 0) logger.info({ applied }, 'the database was brought up to date');
}

/** The key that signs the record, in the data folder. */
export const EVIDENCE_KEY_FILE = 'evidence.key';

/** `store.url`, else the database in the data folder. */
export function databaseUrl({ store, dataDir }: Config): string {
  return store.url ?? `sqlite:${join(dataDir, 'gantry.db')}`;
}

/** Where the pictures lie. Throws `config-invalid` for anything but files. */
export function pictureFolder({ blobs, dataDir }: Config): string {
  if (blobs.url === undefined) return join(dataDir, 'pictures');
  if (blobs.url.startsWith('file:')) return blobs.url.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
  throw new GatewayError('config-invalid', 'blobs.url is not supported in this version: use file:PATH');
}
