import { sql } from 'kysely';
import type { Migration } from '../base/migrations.ts';

/** Tables of telemetry: messages that the broker has not acknowledged, how far records were queued, topics retained there. */
export const telemetryMigrations: Migration[] = [
  {
    name: 'telemetry-001-outbox',
    async up(database) {
      await sql`create table outbox (
        seq bigint primary key,
        lane text not null,
        topic text not null,
        payload text not null,
        retain integer not null
      )`.execute(database);
      await sql`create table outbox_marks (
        source text primary key,
        position text not null
      )`.execute(database);
      await sql`create table retained_topics (
        topic text primary key
      )`.execute(database);
    },
  },
];
