import type { Database } from '../base/database.ts';
import type { Migration } from '../base/migrations.ts';
import { evidenceMigrations } from './evidence/evidence-migrations.ts';
import { qualityMigrations } from './quality/memory-migrations.ts';
import { timelineMigrations } from './thumb-sheet-migrations.ts';

/** The record's tables; applied once at start, in order. */
export const migrations: Migration[] = [
  {
    name: 'snapshots-001-record',
    async up(database) {
      await createSnapshots(database);
      await createSnapshotIndexes(database);
      await createSchedule(database);
    },
  },
  ...evidenceMigrations,
  ...timelineMigrations,
  ...qualityMigrations,
];

async function createSnapshots(database: Database): Promise<void> {
  await database.schema
    .createTable('snapshots')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('camera_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('taken_at_ms', 'bigint', (column) => column.notNull())
    .addColumn('scheduled_for_ms', 'bigint')
    .addColumn('width', 'integer', (column) => column.notNull())
    .addColumn('height', 'integer', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('prev_hash', 'text', (column) => column.notNull())
    .addColumn('chain_hash', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('luma', 'real', (column) => column.notNull())
    .addColumn('sharpness', 'real', (column) => column.notNull())
    .addColumn('verdict', 'text', (column) => column.notNull())
    .addColumn('milestone_id', 'text')
    .addColumn('note', 'text')
    .addColumn('blob_key', 'text', (column) => column.notNull())
    .execute();
}

async function createSnapshotIndexes(database: Database): Promise<void> {
  await database.schema
    .createIndex('snapshots_by_seq')
    .unique()
    .on('snapshots')
    .columns(['camera_id', 'seq'])
    .execute();
  // NULL differs from NULL in SQLite and PostgreSQL: pictures taken by hand do not collide.
  await database.schema
    .createIndex('snapshots_by_slot')
    .unique()
    .on('snapshots')
    .columns(['camera_id', 'scheduled_for_ms'])
    .execute();
  await database.schema
    .createIndex('snapshots_by_time')
    .on('snapshots')
    .columns(['camera_id', 'taken_at_ms', 'seq'])
    .execute();
}

async function createSchedule(database: Database): Promise<void> {
  await database.schema
    .createTable('snapshot_gaps')
    .addColumn('camera_id', 'text', (column) => column.notNull())
    .addColumn('scheduled_for_ms', 'bigint', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('recorded_at_ms', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('snapshot_gaps_key', ['camera_id', 'scheduled_for_ms'])
    .execute();
  await database.schema
    .createTable('snapshot_cursors')
    .addColumn('camera_id', 'text', (column) => column.primaryKey())
    .addColumn('handled_until_ms', 'bigint', (column) => column.notNull())
    .execute();
}
