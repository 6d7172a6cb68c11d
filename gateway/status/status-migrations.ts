import { sql } from 'kysely';
import type { Migration } from '../base/migrations.ts';

/** Tables of the status stage: the gateway's sessions and every change of a camera's light. */
export const statusMigrations: Migration[] = [
  {
    name: 'status-001-sessions-light-changes',
    async up(database) {
      await sql`create table gateway_sessions (
        id integer primary key,
        started_at_ms bigint not null,
        last_seen_ms bigint not null,
        ended_at_ms bigint
      )`.execute(database);
      await sql`create table light_changes (
        seq bigint primary key,
        camera_id text not null,
        at_ms bigint not null,
        from_light text not null,
        to_light text not null,
        reasons text not null
      )`.execute(database);
      await sql`create index light_changes_camera on light_changes(camera_id, at_ms)`.execute(database);
    },
  },
];
