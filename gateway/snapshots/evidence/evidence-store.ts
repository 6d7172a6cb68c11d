import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../../base/database.ts';
import type { SnapshotRow } from '../snapshot-row.ts';
import type { SnapshotTables } from '../snapshot-tables.ts';
import type { DayRow, ErasureRow, HeadRow, LeafRow, TombstoneRow } from './evidence-rows.ts';

/** A link of a camera's chain: a picture, or what retention left of one. */
export type ChainEntry = { kind: 'picture'; row: SnapshotRow } | { kind: 'removed'; row: TombstoneRow };

const LEAVES_AT_ONCE = 500;

/** Reads and writes the proofs: heads, closed days, tombstones; lives as long as the gateway. */
export class EvidenceStore {
  readonly #database: Kysely<SnapshotTables>;

  constructor(database: Database) {
    this.#database = database.withTables<SnapshotTables>();
  }

  heads(): Promise<HeadRow[]> {
    return this.#database.selectFrom('snapshot_heads').selectAll().orderBy('camera_id').execute();
  }

  head(cameraId: string): Promise<HeadRow | undefined> {
    return this.#database
      .selectFrom('snapshot_heads')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .executeTakeFirst();
  }

  erasure(cameraId: string): Promise<ErasureRow | undefined> {
    return this.#database
      .selectFrom('snapshot_erasures')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .executeTakeFirst();
  }

  /** Every camera that the record or its proofs ever named. */
  async cameraIds(): Promise<string[]> {
    const ids = new Set<string>();
    for (const table of ['snapshots', 'snapshot_tombstones', 'evidence_leaves'] as const) {
      // One look-up a camera: DISTINCT would read the index of every picture.
      const found = await sql<{ id: string | null }>`with recursive ids(id) as (
        select min(camera_id) from ${sql.table(table)}
        union all
        select (select min(camera_id) from ${sql.table(table)} where camera_id > ids.id) from ids where id is not null
      ) select id from ids where id is not null`.execute(this.#database);
      for (const { id } of found.rows) if (id !== null) ids.add(id);
    }
    for (const table of ['snapshot_heads', 'snapshot_erasures'] as const) {
      const rows = await this.#database.selectFrom(table).select('camera_id').execute();
      for (const row of rows) ids.add(row.camera_id);
    }
    return [...ids].sort();
  }

  /** The camera's chain in order after `seq`: at most `limit` pictures and `limit` tombstones, without holes at the end. */
  async chain(cameraId: string, afterSeq: number, limit: number): Promise<ChainEntry[]> {
    const pictures = await this.#database
      .selectFrom('snapshots')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('seq', '>', afterSeq)
      .orderBy('seq')
      .limit(limit)
      .execute();
    const removed = await this.#database
      .selectFrom('snapshot_tombstones')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('seq', '>', afterSeq)
      .orderBy('seq')
      .limit(limit)
      .execute();
    const entries = [
      ...pictures.map((row): ChainEntry => ({ kind: 'picture', row })),
      ...removed.map((row): ChainEntry => ({ kind: 'removed', row })),
    ];
    return entries.sort((a, b) => a.row.seq - b.row.seq).slice(0, limit);
  }

  /** First and last place in the chain of what was taken within `fromMs` ≤ time < `toMs`; removed pictures count. */
  async seqsBetween(
    cameraId: string,
    fromMs: number,
    toMs: number,
  ): Promise<{ firstSeq: number; lastSeq: number } | undefined> {
    const seqs: number[] = [];
    for (const table of ['snapshots', 'snapshot_tombstones'] as const) {
      const { rows } = await sql<{ first: number | null; last: number | null }>`
        select min(seq) as first, max(seq) as last from ${sql.table(table)}
        where camera_id = ${cameraId} and taken_at_ms >= ${fromMs} and taken_at_ms < ${toMs}`.execute(
        this.#database,
      );
      const { first, last } = rows[0] ?? { first: null, last: null };
      if (first !== null && last !== null) seqs.push(first, last);
    }
    return seqs.length === 0 ? undefined : { firstSeq: Math.min(...seqs), lastSeq: Math.max(...seqs) };
  }

  tombstone(id: string): Promise<TombstoneRow | undefined> {
    return this.#database
      .selectFrom('snapshot_tombstones')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
  }

  /** Closed days, the oldest first, beginning after `afterDate`. */
  days(afterDate = '', limit = 100_000): Promise<DayRow[]> {
    return this.#database
      .selectFrom('evidence_days')
      .selectAll()
      .where('date', '>', afterDate)
      .orderBy('date')
      .limit(limit)
      .execute();
  }

  day(date: string): Promise<DayRow | undefined> {
    return this.#database.selectFrom('evidence_days').selectAll().where('date', '=', date).executeTakeFirst();
  }

  lastDay(): Promise<DayRow | undefined> {
    return this.#database
      .selectFrom('evidence_days')
      .selectAll()
      .orderBy('date', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  /** A day's leaves in the order of its tree. */
  async leaves(date: string): Promise<LeafRow[]> {
    const rows = await this.#database
      .selectFrom('evidence_leaves')
      .selectAll()
      .where('date', '=', date)
      .execute();
    return rows.sort((a, b) => (a.camera_id < b.camera_id ? -1 : 1));
  }

  /** All leaves of a camera, the oldest day first. */
  leavesOf(cameraId: string): Promise<LeafRow[]> {
    return this.#database
      .selectFrom('evidence_leaves')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .orderBy('date')
      .execute();
  }

  /** The chain hash at a place of the chain, of a picture or a tombstone. */
  async hashAt(cameraId: string, seq: number): Promise<string | undefined> {
    for (const table of ['snapshots', 'snapshot_tombstones'] as const) {
      const row = await this.#database
        .selectFrom(table)
        .select('chain_hash')
        .where('camera_id', '=', cameraId)
        .where('seq', '=', seq)
        .executeTakeFirst();
      if (row) return row.chain_hash;
    }
    return undefined;
  }

  /** Writes a day with its leaves, all or nothing; a day that is closed stays as it is. False then. */
  addDay(day: DayRow, leaves: readonly LeafRow[]): Promise<boolean> {
    return this.#database.transaction().execute(async (transaction) => {
      const { numInsertedOrUpdatedRows } = await transaction
        .insertInto('evidence_days')
        .values(day)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows === 0n) return false;
      for (let at = 0; at < leaves.length; at += LEAVES_AT_ONCE) {
        await transaction
          .insertInto('evidence_leaves')
          .values(leaves.slice(at, at + LEAVES_AT_ONCE))
          .execute();
      }
      return true;
    });
  }

  /** When the oldest picture was taken; undefined without pictures. */
  async oldestPictureMs(): Promise<number | undefined> {
    const { rows } = await sql<{ at: number | null }>`select min(taken) as at from (
      select (select min(taken_at_ms) from snapshots where snapshots.camera_id = snapshot_heads.camera_id) as taken
      from snapshot_heads)`.execute(this.#database);
    return rows[0]?.at ?? undefined;
  }
}
