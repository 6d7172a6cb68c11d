import { sql } from 'kysely';
import type { Migration } from '../base/migrations.ts';

/** Tables of the fleet: projects with their steps, cameras and credential sets with sealed passwords. */
export const fleetMigrations: Migration[] = [
  {
    name: 'fleet-001-projects-cameras',
    async up(database) {
      await sql`create table projects (
        id text primary key,
        external_id text unique,
        name text not null,
        district text not null,
        unit text not null,
        leader text not null,
        lat real,
        lon real,
        stage text not null,
        milestones text not null,
        archived_at_ms bigint,
        created_at_ms bigint not null
      )`.execute(database);
      await sql`create table cameras (
        id text primary key,
        project_id text not null references projects(id),
        name text not null,
        position text not null,
        enabled integer not null,
        maintenance_until_ms bigint,
        schedule text,
        onvif text,
        onvif_password text,
        rtsp text not null,
        rtsp_password text,
        device text not null,
        created_at_ms bigint not null
      )`.execute(database);
      await sql`create index cameras_project on cameras(project_id)`.execute(database);
    },
  },
  {
    name: 'fleet-002-credential-sets',
    async up(database) {
      await sql`create table credential_sets (
        id text primary key,
        name text not null,
        username text not null,
        password text,
        created_at_ms bigint not null
      )`.execute(database);
    },
  },
  {
    name: 'fleet-020-project-schedule',
    async up(database) {
      await sql`alter table projects add column schedule text`.execute(database);
    },
  },
  {
    name: 'fleet-021-ingest-mode',
    async up(database) {
      await sql`alter table cameras add column ingest_mode text`.execute(database);
    },
  },
];
