import { sql } from 'kysely';
import type { Migration } from '../../base/migrations.ts';

/** The table of time-lapses. */
export const timelapseMigrations: Migration[] = [
  {
    name: 'timelapse-001-jobs',
    async up(database) {
      await sql`create table timelapses (
        id text primary key,
        camera_id text not null,
        from_ms bigint not null,
        to_ms bigint not null,
        every_min integer,
        hour real,
        fps integer not null,
        width integer not null,
        height integer not null,
        state text not null,
        attempts integer not null,
        pictures integer not null,
        skipped integer not null,
        bytes bigint,
        error text,
        created_at_ms bigint not null,
        finished_at_ms bigint
      )`.execute(database);
      await sql`create index timelapses_by_time on timelapses(created_at_ms, id)`.execute(database);
      await sql`create index timelapses_by_state on timelapses(state, created_at_ms)`.execute(database);
    },
  },
];
