import type { Migration } from '../base/migrations.ts';

/** What the timeline adds to the record: pictures picked for the brief, and the list of sheets kept on disk. */
export const timelineMigrations: Migration[] = [
  {
    name: 'snapshots-timeline-001-picked',
    async up(database) {
      await database.schema
        .alterTable('snapshots')
        .addColumn('picked', 'integer', (column) => column.notNull().defaultTo(0))
        .execute();
    },
  },
  {
    name: 'snapshots-timeline-002-thumb-sheets',
    async up(database) {
      await database.schema
        .createTable('thumb_sheets')
        .addColumn('blob_key', 'text', (column) => column.primaryKey())
        .addColumn('camera_id', 'text', (column) => column.notNull())
        .addColumn('place', 'text', (column) => column.notNull())
        .addColumn('bytes', 'integer', (column) => column.notNull())
        .addColumn('used_at_ms', 'bigint', (column) => column.notNull())
        .execute();
      await database.schema
        .createIndex('thumb_sheets_by_place')
        .on('thumb_sheets')
        .columns(['camera_id', 'place'])
        .execute();
    },
  },
];
