import { sql } from 'kysely';
import type { Migration } from '../../base/migrations.ts';

/** Tables of the proofs: signed heads, closed days, tombstones. */
export const evidenceMigrations: Migration[] = [
  {
    name: 'snapshots-010-evidence',
    async up(database) {
      await sql`create table snapshot_heads (
        camera_id text primary key,
        seq integer not null,
        id text not null,
        chain_hash text not null,
        signature text not null
      )`.execute(database);
      await sql`create table evidence_days (
        date text primary key,
        statement text not null,
        signature text not null,
        root text not null,
        cameras integer not null,
        closed_at_ms bigint not null,
        prev_hash text not null
      )`.execute(database);
      await sql`create table evidence_leaves (
        date text not null,
        camera_id text not null,
        seq integer not null,
        chain_hash text not null,
        primary key (date, camera_id)
      )`.execute(database);
      await sql`create index evidence_leaves_by_camera on evidence_leaves(camera_id, seq)`.execute(database);
      await sql`create table snapshot_erasures (
        camera_id text primary key,
        seq integer not null,
        chain_hash text not null,
        erased_at_ms bigint not null,
        signature text not null
      )`.execute(database);
    },
  },
  {
    name: 'snapshots-011-tombstones',
    async up(database) {
      await sql`create table snapshot_tombstones (
        id text primary key,
        camera_id text not null,
        seq integer not null,
        taken_at_ms bigint not null,
        scheduled_for_ms bigint,
        width integer not null,
        height integer not null,
        bytes integer not null,
        sha256 text not null,
        prev_hash text not null,
        chain_hash text not null,
        source text not null,
        blob_key text not null,
        removed_at_ms bigint not null,
        policy text not null,
        signature text not null,
        files_left integer not null
      )`.execute(database);
      await sql`create unique index snapshot_tombstones_by_seq on snapshot_tombstones(camera_id, seq)`.execute(
        database,
      );
      await sql`create index snapshot_tombstones_by_slot on snapshot_tombstones(camera_id, scheduled_for_ms)`.execute(
        database,
      );
      await sql`create index snapshot_tombstones_with_files on snapshot_tombstones(camera_id) where files_left = 1`.execute(
        database,
      );
    },
  },
  {
    name: 'snapshots-013-retention',
    async up(database) {
      await sql`create table snapshot_retention (
        camera_id text primary key,
        done_until_ms bigint not null
      )`.execute(database);
    },
  },
];
