import type { Migration } from '../../base/migrations.ts';

/** What is remembered of cameras' pictures to judge the next ones. */
export const qualityMigrations: Migration[] = [
  {
    name: 'snapshots-quality-001-memory',
    async up(database) {
      await database.schema
        .createTable('picture_memories')
        .addColumn('camera_id', 'text', (column) => column.primaryKey())
        .addColumn('focus', 'text', (column) => column.notNull())
        .addColumn('recent', 'text', (column) => column.notNull())
        .addColumn('views', 'text', (column) => column.notNull())
        .execute();
    },
  },
];
