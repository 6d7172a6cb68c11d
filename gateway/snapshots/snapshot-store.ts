import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../base/database.ts';
import { chainHash, GENESIS_HASH } from './chain-hash.ts';
import { linkOf } from './snapshot-row.ts';
import type { GapRow, SnapshotRow } from './snapshot-row.ts';

/** The record's tables as Kysely sees them. */
export type SnapshotTables = {
  snapshots: SnapshotRow;
  snapshot_gaps: GapRow;
  snapshot_cursors: { camera_id: string; handled_until_ms: number };
};

/** A snapshot before it has its place in the camera's chain. */
export type UnchainedRow = Omit<SnapshotRow, 'seq' | 'prev_hash' | 'chain_hash' | 'picked'>;

/** Where a page begins: after (or, descending, before) this picture. */
export interface PagePlace {
  takenAtMs: number;
  seq: number;
}

/** A stretch of time and the instant in it that a picture should be nearest to. */
export interface TimeCell {
  startMs: number;
  endMs: number;
  targetMs: number;
}

/** Reads and writes the record's rows; lives as long as the gateway. */
export class SnapshotStore {
  readonly #database: Kysely<SnapshotTables>;

  constructor(database: Database) {
    this.#database = database.withTables<SnapshotTables>();
  }

  /**
   * Appends to the camera's chain; a gap recorded for the slot gives way and the camera's cursor moves on, all or nothing.
   * Undefined when the slot has its picture already.
   */
  append(row: UnchainedRow): Promise<SnapshotRow | undefined> {
    return this.#database.transaction().execute(async (transaction) => {
      const slotMs = row.scheduled_for_ms;
      if (slotMs !== null && (await hasSlot(transaction, row.camera_id, slotMs))) return undefined;
      const head = await transaction
        .selectFrom('snapshots')
        .select(['seq', 'chain_hash'])
        .where('camera_id', '=', row.camera_id)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      const placed = {
        ...row,
        picked: 0,
        seq: (head?.seq ?? 0) + 1,
        prev_hash: head?.chain_hash ?? GENESIS_HASH,
      };
      const chained = { ...placed, chain_hash: chainHash(linkOf({ ...placed, chain_hash: '' })) };
      await transaction.insertInto('snapshots').values(chained).execute();
      if (slotMs !== null) {
        await transaction
          .deleteFrom('snapshot_gaps')
          .where('camera_id', '=', row.camera_id)
          .where('scheduled_for_ms', '=', slotMs)
          .execute();
        await moveCursor(transaction, row.camera_id, slotMs);
      }
      return chained;
    });
  }

  get(id: string): Promise<SnapshotRow | undefined> {
    return this.#database.selectFrom('snapshots').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** The picture taken last. */
  latest(cameraId: string): Promise<SnapshotRow | undefined> {
    return this.edge(cameraId, 'desc', -Infinity, Infinity);
  }

  /** The first (`asc`) or last (`desc`) picture with `fromMs` ≤ time < `toMs`. */
  edge(
    cameraId: string,
    order: 'asc' | 'desc',
    fromMs: number,
    toMs: number,
  ): Promise<SnapshotRow | undefined> {
    return this.#database
      .selectFrom('snapshots')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('taken_at_ms', '>=', finite(fromMs))
      .where('taken_at_ms', '<', finite(toMs))
      .orderBy('taken_at_ms', order)
      .orderBy('seq', order)
      .limit(1)
      .executeTakeFirst();
  }

  /** Pictures with `fromMs` ≤ time < `toMs` in order of time, beginning after `place`. */
  list(
    cameraId: string,
    range: { fromMs: number; toMs: number; order: 'asc' | 'desc'; limit: number; place?: PagePlace },
  ): Promise<SnapshotRow[]> {
    const { place, order } = range;
    const fromMs = place && order === 'asc' ? Math.max(range.fromMs, place.takenAtMs) : range.fromMs;
    const toMs = place && order === 'desc' ? Math.min(range.toMs, place.takenAtMs + 1) : range.toMs;
    let query = this.#database
      .selectFrom('snapshots')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('taken_at_ms', '>=', finite(fromMs))
      .where('taken_at_ms', '<', finite(toMs));
    if (place) {
      const seen = order === 'asc' ? sql`seq <= ${place.seq}` : sql`seq >= ${place.seq}`;
      query = query.where(sql<boolean>`not (taken_at_ms = ${place.takenAtMs} and ${seen})`);
    }
    return query.orderBy('taken_at_ms', order).orderBy('seq', order).limit(range.limit).execute();
  }

  /** For each cell the last picture before its target and the first one at or after it, in no order. */
  async nearest(cameraId: string, cells: readonly TimeCell[]): Promise<SnapshotRow[]> {
    if (cells.length === 0) return [];
    const parts = cells.flatMap(({ startMs, endMs, targetMs }, index) => {
      const name = (side: string) => sql.raw(`${side}${index}`);
      const before = sql`select * from (select * from snapshots where camera_id = ${cameraId} and taken_at_ms >= ${startMs} and taken_at_ms < ${Math.min(targetMs, endMs)} order by taken_at_ms desc, seq desc limit 1) as ${name('b')}`;
      const after = sql`select * from (select * from snapshots where camera_id = ${cameraId} and taken_at_ms >= ${Math.max(targetMs, startMs)} and taken_at_ms < ${endMs} order by taken_at_ms, seq limit 1) as ${name('a')}`;
      return [before, after];
    });
    const result = await sql<SnapshotRow>`${sql.join(parts, sql` union all `)}`.execute(this.#database);
    return result.rows;
  }

  /** The camera's rows in the order of the chain, after `seq`. */
  chain(cameraId: string, afterSeq: number, limit: number): Promise<SnapshotRow[]> {
    return this.#database
      .selectFrom('snapshots')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('seq', '>', afterSeq)
      .orderBy('seq')
      .limit(limit)
      .execute();
  }

  /** Blob keys of the camera's originals taken at `fromMs` or later. */
  async keysSince(cameraId: string, fromMs: number): Promise<Map<string, string>> {
    const rows = await this.#database
      .selectFrom('snapshots')
      .select(['blob_key', 'id'])
      .where('camera_id', '=', cameraId)
      .where('taken_at_ms', '>=', fromMs)
      .execute();
    return new Map(rows.map((row) => [row.blob_key, row.id]));
  }

  hasSlot(cameraId: string, slotMs: number): Promise<boolean> {
    return hasSlot(this.#database, cameraId, slotMs);
  }

  /** Slots with `fromMs` ≤ slot < `toMs` that have a picture. */
  async slotsTaken(cameraId: string, fromMs: number, toMs: number): Promise<number[]> {
    const rows = await this.#database
      .selectFrom('snapshots')
      .select('scheduled_for_ms')
      .where('camera_id', '=', cameraId)
      .where('scheduled_for_ms', '>=', fromMs)
      .where('scheduled_for_ms', '<', toMs)
      .execute();
    return rows.flatMap((row) => (row.scheduled_for_ms === null ? [] : [row.scheduled_for_ms]));
  }

  /** Records slots without picture and moves the cursor past them, all or nothing; slots that have an entry keep it. */
  async addGaps(rows: readonly GapRow[]): Promise<void> {
    const last = rows.at(-1);
    if (!last) return;
    await this.#database.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('snapshot_gaps')
        .values([...rows])
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await moveCursor(transaction, last.camera_id, last.scheduled_for_ms);
    });
  }

  /** Gaps with `fromMs` ≤ slot < `toMs`, in order. */
  gaps(cameraId: string, fromMs: number, toMs: number): Promise<GapRow[]> {
    return this.#database
      .selectFrom('snapshot_gaps')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('scheduled_for_ms', '>=', fromMs)
      .where('scheduled_for_ms', '<', toMs)
      .orderBy('scheduled_for_ms')
      .execute();
  }

  async missed(cameraId: string, sinceMs: number): Promise<number> {
    const { count } = await this.#database
      .selectFrom('snapshot_gaps')
      .select((select) => select.fn.countAll<number | string>().as('count'))
      .where('camera_id', '=', cameraId)
      .where('scheduled_for_ms', '>=', sinceMs)
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** The slot up to which each camera's schedule has been dealt with. */
  async cursors(): Promise<Map<string, number>> {
    const rows = await this.#database.selectFrom('snapshot_cursors').selectAll().execute();
    return new Map(rows.map((row) => [row.camera_id, row.handled_until_ms]));
  }

  setCursor(cameraId: string, handledUntilMs: number): Promise<void> {
    return moveCursor(this.#database, cameraId, handledUntilMs);
  }

  /** Removes all rows of the camera. */
  async erase(cameraId: string): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      for (const table of ['snapshots', 'snapshot_gaps', 'snapshot_cursors'] as const) {
        await transaction.deleteFrom(table).where('camera_id', '=', cameraId).execute();
      }
    });
  }
}

async function hasSlot(database: Kysely<SnapshotTables>, cameraId: string, slotMs: number): Promise<boolean> {
  const row = await database
    .selectFrom('snapshots')
    .select('id')
    .where('camera_id', '=', cameraId)
    .where('scheduled_for_ms', '=', slotMs)
    .executeTakeFirst();
  return row !== undefined;
}

async function moveCursor(database: Kysely<SnapshotTables>, cameraId: string, slotMs: number): Promise<void> {
  await database
    .insertInto('snapshot_cursors')
    .values({ camera_id: cameraId, handled_until_ms: slotMs })
    .onConflict((conflict) => conflict.column('camera_id').doUpdateSet({ handled_until_ms: slotMs }))
    .execute();
}

/** Bounds as the database takes them: integers, no infinities. */
function finite(instantMs: number): number {
  return Math.max(-8.64e15, Math.min(8.64e15, instantMs));
}
