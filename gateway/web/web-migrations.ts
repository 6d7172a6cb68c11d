import { sql } from 'kysely';
import type { Migration } from '../base/migrations.ts';

/** Tables of access: people, their sessions, and API tokens; secrets lie there as hashes only. */
export const webMigrations: Migration[] = [
  {
    name: 'web-001-access',
    async up(database) {
      await sql`create table users (
        id text primary key,
        username text not null,
        username_key text not null unique,
        display_name text not null,
        role text not null,
        project_ids text not null,
        password_hash text not null,
        created_at_ms bigint not null
      )`.execute(database);
      await sql`create table sessions (
        id text primary key,
        user_id text not null references users(id) on delete cascade,
        created_at_ms bigint not null,
        seen_at_ms bigint not null,
        expires_at_ms bigint not null,
        address text not null,
        user_agent text not null
      )`.execute(database);
      await sql`create index sessions_user on sessions(user_id)`.execute(database);
      await sql`create table api_tokens (
        id text primary key,
        secret_hash text not null unique,
        name text not null,
        role text not null,
        project_ids text not null,
        created_at_ms bigint not null,
        expires_at_ms bigint,
        last_used_at_ms bigint
      )`.execute(database);
    },
  },
];
