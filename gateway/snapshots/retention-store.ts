import type { Kysely } from 'kysely';
import type { Database } from '../base/database.ts';
import type { Seal } from './evidence/chain-heads.ts';
import type { TombstoneRow } from './evidence/evidence-rows.ts';
import { tombstoneText } from './evidence/signed-texts.ts';
import type { SnapshotRow } from './snapshot-row.ts';
import type { SnapshotTables } from './snapshot-tables.ts';

type RetentionTables = SnapshotTables & {
  snapshot_retention: { camera_id: string; done_until_ms: number };
};

const IDS_AT_ONCE = 500;

/** What retention reads and writes. */
export class RetentionStore {
  readonly #database: Kysely<RetentionTables>;
  readonly #seal: Pick<Seal, 'sign'>;

  constructor(database: Database, seal: Pick<Seal, 'sign'>) {
    this.#database = database.withTables<RetentionTables>();
    this.#seal = seal;
  }

  async cameraIds(): Promise<string[]> {
    const rows = await this.#database.selectFrom('snapshot_heads').select('camera_id').execute();
    return rows.map(({ camera_id }) => camera_id);
  }

  /** Days before this instant have been thinned. */
  async doneUntil(cameraId: string): Promise<number> {
    const row = await this.#database
      .selectFrom('snapshot_retention')
      .select('done_until_ms')
      .where('camera_id', '=', cameraId)
      .executeTakeFirst();
    return row?.done_until_ms ?? 0;
  }

  async firstPictureMs(cameraId: string, fromMs: number, toMs: number): Promise<number | undefined> {
    const row = await this.#between(cameraId, fromMs, toMs)
      .select('taken_at_ms')
      .orderBy('taken_at_ms')
      .limit(1)
      .executeTakeFirst();
    return row?.taken_at_ms;
  }

  picturesBetween(cameraId: string, fromMs: number, toMs: number): Promise<SnapshotRow[]> {
    return this.#between(cameraId, fromMs, toMs).selectAll().execute();
  }

  /** Puts signed tombstones in the place of the rows and notes how far thinning came, all or nothing. */
  async bury(
    cameraId: string,
    rows: readonly SnapshotRow[],
    act: { removedAtMs: number; policy: string; doneUntilMs: number },
  ): Promise<void> {
    const { removedAtMs, policy, doneUntilMs } = act;
    await this.#database.transaction().execute(async (transaction) => {
      for (const row of rows) {
        const text = tombstoneText({ id: row.id, chainHash: row.chain_hash, removedAtMs, policy });
        const stone = stoneOf(row, { removed_at_ms: removedAtMs, policy, signature: this.#seal.sign(text) });
        await transaction.insertInto('snapshot_tombstones').values(stone).execute();
        await transaction.deleteFrom('snapshots').where('id', '=', row.id).execute();
      }
      await transaction
        .insertInto('snapshot_retention')
        .values({ camera_id: cameraId, done_until_ms: doneUntilMs })
        .onConflict((conflict) => conflict.column('camera_id').doUpdateSet({ done_until_ms: doneUntilMs }))
        .execute();
    });
  }

  /** Tombstones whose files still lie there. */
  withFiles(cameraId: string): Promise<Pick<TombstoneRow, 'id' | 'blob_key'>[]> {
    return this.#database
      .selectFrom('snapshot_tombstones')
      .select(['id', 'blob_key'])
      .where('camera_id', '=', cameraId)
      .where('files_left', '=', 1)
      .execute();
  }

  async filesGone(ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
      await this.#database
        .updateTable('snapshot_tombstones')
        .set({ files_left: 0 })
        .where('id', 'in', ids.slice(at, at + IDS_AT_ONCE))
        .execute();
    }
  }

  #between(cameraId: string, fromMs: number, toMs: number) {
    return this.#database
      .selectFrom('snapshots')
      .where('camera_id', '=', cameraId)
      .where('taken_at_ms', '>=', fromMs)
      .where('taken_at_ms', '<', toMs);
  }
}

function stoneOf(
  row: SnapshotRow,
  end: Pick<TombstoneRow, 'removed_at_ms' | 'policy' | 'signature'>,
): TombstoneRow {
  const { id, camera_id, seq, taken_at_ms, scheduled_for_ms, width, height, bytes, sha256 } = row;
  const { prev_hash, chain_hash, source, blob_key } = row;
  const link = { id, camera_id, seq, taken_at_ms, scheduled_for_ms, width, height, bytes, sha256 };
  return { ...link, prev_hash, chain_hash, source, blob_key, ...end, files_left: 1 };
}
