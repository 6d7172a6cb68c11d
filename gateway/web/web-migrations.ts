import { sql } from 'kysely';
import type { Database } from '../base/database.ts';
import type { Migration } from '../base/migrations.ts';

/** Tables of access: people, their sessions, API tokens, share links, and the audit; secrets lie there as hashes only. */
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
  { name: 'web-002-audit', up: createAudit },
  { name: 'web-003-shares', up: createShares },
];

/** Entries cannot be changed, and removed only below an anchor; SQLite refuses it whoever asks. */
async function createAudit(database: Database): Promise<void> {
  await sql`create table audit_entries (
    seq integer primary key,
    at_ms bigint not null,
    actor_kind text not null,
    actor_id text,
    actor_name text not null,
    action text not null,
    subject_kind text,
    subject_id text,
    subject_name text,
    project_id text,
    address text,
    detail text not null,
    prev_hash text not null,
    hash text not null
  )`.execute(database);
  for (const column of [
    'at_ms',
    'actor_id',
    'actor_name',
    'action',
    'subject_id',
    'subject_name',
    'project_id',
  ])
    await sql`create index ${sql.raw(`audit_by_${column}`)} on audit_entries(${sql.raw(column)}, seq)`.execute(
      database,
    );
  await createAuditRest(database);
}

async function createAuditRest(database: Database): Promise<void> {
  await sql`create table audit_anchors (
    through_seq integer primary key,
    hash text not null,
    at_ms bigint not null,
    removed integer not null
  )`.execute(database);
  await sql`create table audit_viewings (id text primary key, entry text not null)`.execute(database);
  await sql`create trigger audit_unchanged before update on audit_entries
    begin select raise(abort, 'audit entries are never changed'); end`.execute(database);
  await sql`create trigger audit_kept before delete on audit_entries
    when not exists (select 1 from audit_anchors where through_seq >= old.seq)
    begin select raise(abort, 'audit entries are removed by retention alone'); end`.execute(database);
}

async function createShares(database: Database): Promise<void> {
  await sql`create table shares (
    id text primary key,
    secret_hash text not null unique,
    kind text not null,
    camera_id text,
    left_id text,
    right_id text,
    note text,
    creator_kind text not null,
    creator_id text not null,
    creator_name text not null,
    created_at_ms bigint not null,
    expires_at_ms bigint not null,
    revoked_at_ms bigint,
    views integer not null,
    last_viewed_at_ms bigint
  )`.execute(database);
  await sql`create index shares_by_time on shares(created_at_ms, id)`.execute(database);
  await sql`create index shares_by_end on shares(expires_at_ms)`.execute(database);
}
