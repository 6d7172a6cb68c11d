import { sql } from 'kysely';
import type { Migration } from '../base/migrations.ts';

/** Tables of the warnings: channels with sealed secrets, rules, incidents, promised notices, messages on their way. */
export const warningsMigrations: Migration[] = [
  {
    name: 'warnings-001-channels-rules',
    async up(database) {
      await sql`create table notification_channels (
        id text primary key,
        body text not null,
        sealed text not null,
        created_at_ms bigint not null
      )`.execute(database);
      await sql`create table notification_rules (
        id text primary key,
        body text not null,
        created_at_ms bigint not null
      )`.execute(database);
    },
  },
  {
    name: 'warnings-002-incidents-notices',
    async up(database) {
      await sql`create table incidents (
        id text primary key,
        kind text not null,
        subject_id text not null,
        project_id text not null,
        state text not null,
        opened_at_ms bigint not null,
        closed_at_ms bigint,
        body text not null
      )`.execute(database);
      await sql`create index incidents_opened on incidents(opened_at_ms, id)`.execute(database);
      await sql`create index incidents_subject on incidents(kind, subject_id, closed_at_ms)`.execute(
        database,
      );
      await sql`create table notices (
        id text primary key,
        incident_id text not null,
        rule_id text not null,
        channel_id text not null,
        stage integer not null,
        light text not null,
        due_at_ms bigint not null,
        state text not null,
        told_at_ms bigint,
        delivery_id text
      )`.execute(database);
      await sql`create index notices_incident on notices(incident_id)`.execute(database);
      await sql`create index notices_state on notices(state)`.execute(database);
    },
  },
  {
    name: 'warnings-003-deliveries-marks',
    async up(database) {
      await sql`create table notification_deliveries (
        id text primary key,
        channel_id text not null,
        kind text not null,
        message text not null,
        state text not null,
        attempts integer not null,
        created_at_ms bigint not null,
        last_try_at_ms bigint,
        next_try_at_ms bigint,
        sent_at_ms bigint,
        fault text
      )`.execute(database);
      await sql`create index notification_deliveries_created on notification_deliveries(created_at_ms, id)`.execute(
        database,
      );
      await sql`create index notification_deliveries_state on notification_deliveries(state, channel_id)`.execute(
        database,
      );
      await sql`create table notification_marks (
        source text primary key,
        position text not null
      )`.execute(database);
    },
  },
];
