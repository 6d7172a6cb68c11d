import { CompiledQuery, sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../base/database.ts';
import { chainHash } from './chain-hash.ts';
import { adoptHeads, moveHead, nextPlace } from './evidence/chain-heads.ts';
import type { Seal } from './evidence/chain-heads.ts';
import { erasureText } from './evidence/signed-texts.ts';
import { linkOf } from './snapshot-row.ts';
import type { GapRow, SnapshotRow } from './snapshot-row.ts';
import type { SnapshotTables } from './snapshot-tables.ts';

const CAMERA_TABLES = [
  'snapshots',
  'snapshot_gaps',
  'snapshot_cursors',
  'snapshot_heads',
  'snapshot_tombstones',
] as const;

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
  readonly #seal: Seal;

  /** `seal` signs where each chain ends. */
  constructor(database: Database, seal: Seal) {
    this.#database = database.withTables<SnapshotTables>();
    this.#seal = seal;
  }

  /** Signs the ends of chains that are older than the key. */
  adopt(): Promise<number> {
    return this.#database.transaction().execute((transaction) => adoptHeads(transaction, this.#seal));
  }

  /**
   * Appends to the camera's chain; a gap recorded for the slot gives way and the camera's cursor moves on, all or nothing.
   * Undefined when the slot has its picture already.
   */
  append(row: UnchainedRow): Promise<SnapshotRow | undefined> {
    return this.#database.transaction().execute(async (transaction) => {
      const slotMs = row.scheduled_for_ms;
      if (slotMs !== null && (await hasSlot(transaction, row.camera_id, slotMs))) return undefined;
      const { seq, prevHash } = await nextPlace(transaction, row.camera_id, this.#seal);
      const placed = { ...row, picked: 0, seq, prev_hash: prevHash };
      const chained = { ...placed, chain_hash: chainHash(linkOf(placed)) };
      await transaction.insertInto('snapshots').values(chained).execute();
      const head = { cameraId: row.camera_id, seq, id: row.id, chainHash: chained.chain_hash };
      await moveHead(transaction, head, this.#seal);
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

  /**
   * For each cell the places of the pictures just before and just after its target, where there are any. Answered by
   * the index alone: rows of one camera lie far apart.
   */
  async nearest(cameraId: string, cells: readonly TimeCell[]): Promise<PagePlace[]> {
    if (cells.length === 0) return [];
    const values: (string | number)[] = [];
    for (const { startMs, endMs, targetMs } of cells) {
      values.push(cameraId, startMs, Math.min(targetMs, endMs));
      values.push(cameraId, Math.max(targetMs, startMs), endMs);
    }
    const result = await this.#database.executeQuery<{ taken_at_ms: number; seq: number }>(
      CompiledQuery.raw(nearestText(cells.length), values),
    );
    return result.rows.map(({ taken_at_ms: takenAtMs, seq }) => ({ takenAtMs, seq }));
  }

  /** The rows at these places of the camera's chain, in their order; those that are gone by now are left out. */
  async atPlaces(cameraId: string, places: readonly PagePlace[]): Promise<SnapshotRow[]> {
    if (places.length === 0) return [];
    const seqs = places.map(({ seq }) => seq);
    const rows = await this.#database
      .selectFrom('snapshots')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('seq', 'in', seqs)
      .execute();
    const bySeq = new Map(rows.map((row) => [row.seq, row]));
    return seqs.flatMap((seq) => bySeq.get(seq) ?? []);
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

  /** For each stretch of time the slots that have (or had, before retention) a picture, and those that ended in a gap. */
  async slotCounts(
    cameraId: string,
    days: readonly { fromMs: number; toMs: number }[],
  ): Promise<{ taken: number; missed: number }[]> {
    const parts = days.map(({ fromMs, toMs }) => {
      const count = (table: string) =>
        sql`(select count(*) from ${sql.table(table)} where camera_id = ${cameraId} and scheduled_for_ms >= ${fromMs} and scheduled_for_ms < ${toMs})`;
      return sql`select ${count('snapshots')} + ${count('snapshot_tombstones')} as taken, ${count('snapshot_gaps')} as missed`;
    });
    const result = await sql<{ taken: number; missed: number }>`${sql.join(parts, sql` union all `)}`.execute(
      this.#database,
    );
    return result.rows;
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

  /** Removes all rows of the camera; what is left is the signed word that they were erased, and when. */
  async erase(cameraId: string, erasedAtMs: number): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      const head = await transaction
        .selectFrom('snapshot_heads')
        .selectAll()
        .where('camera_id', '=', cameraId)
        .executeTakeFirst();
      if (head) {
        const { seq, chain_hash } = head;
        const text = erasureText({ cameraId, seq, chainHash: chain_hash, erasedAtMs });
        const row = { seq, chain_hash, erased_at_ms: erasedAtMs, signature: this.#seal.sign(text) };
        await transaction
          .insertInto('snapshot_erasures')
          .values({ camera_id: cameraId, ...row })
          .onConflict((conflict) => conflict.column('camera_id').doUpdateSet(row))
          .execute();
      }
      for (const table of CAMERA_TABLES)
        await transaction.deleteFrom(table).where('camera_id', '=', cameraId).execute();
    });
  }
}

/** As text: composing some hundred parts anew at each question takes longer than answering it. */
function nearestText(cells: number): string {
  const part = (name: string, order: string): string =>
    `select * from (select taken_at_ms, seq from snapshots where camera_id = ? and taken_at_ms >= ? and taken_at_ms < ? order by ${order} limit 1) as ${name}`;
  return Array.from({ length: cells }, (_, index) => [
    part(`b${index}`, 'taken_at_ms desc, seq desc'),
    part(`a${index}`, 'taken_at_ms, seq'),
  ])
    .flat()
    .join(' union all ');
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
