import type { Kysely } from 'kysely';
import { GENESIS_HASH } from '../chain-hash.ts';
import type { SnapshotTables } from '../snapshot-tables.ts';
import type { HeadRow } from './evidence-rows.ts';
import { headText } from './signed-texts.ts';
import type { ChainHead } from './signed-texts.ts';

/** Signs texts and recognises its own signatures; `EvidenceKey` is one. */
export interface Seal {
  sign(text: string): string;
  verifies(text: string, signature: string): boolean;
}

/** True when the row bears the key's signature for just this end of the chain. */
export function isSealed(row: HeadRow, seal: Pick<Seal, 'verifies'>): boolean {
  return seal.verifies(headText(headOf(row)), row.signature);
}

/** The head in the form that is signed. */
export function headOf(row: HeadRow): ChainHead {
  return { cameraId: row.camera_id, seq: row.seq, id: row.id, chainHash: row.chain_hash };
}

/**
 * What the camera's next picture follows. It is the signed head, not the last row: rows that were taken off or put on
 * behind the gateway's back leave a break in the chain that stays. So does a head that is gone or not signed: the next
 * picture then follows nothing, and `broken` is true.
 */
export async function nextPlace(
  transaction: Kysely<SnapshotTables>,
  cameraId: string,
  seal: Seal,
): Promise<{ seq: number; prevHash: string; broken: boolean }> {
  const head = await transaction
    .selectFrom('snapshot_heads')
    .selectAll()
    .where('camera_id', '=', cameraId)
    .executeTakeFirst();
  const lastSeq = await lastSeqOf(transaction, cameraId);
  if (!head && lastSeq === 0) return { seq: 1, prevHash: GENESIS_HASH, broken: false };
  if (!head || !isSealed(head, seal)) return { seq: lastSeq + 1, prevHash: GENESIS_HASH, broken: true };
  return {
    seq: Math.max(head.seq, lastSeq) + 1,
    prevHash: head.chain_hash,
    broken: lastSeq !== head.seq,
  };
}

/** Signs and stores where the camera's chain ends now. */
export async function moveHead(database: Kysely<SnapshotTables>, head: ChainHead, seal: Seal): Promise<void> {
  const row = {
    seq: head.seq,
    id: head.id,
    chain_hash: head.chainHash,
    signature: seal.sign(headText(head)),
  };
  await database
    .insertInto('snapshot_heads')
    .values({ camera_id: head.cameraId, ...row })
    .onConflict((conflict) => conflict.column('camera_id').doUpdateSet(row))
    .execute();
}

/** Signs the ends of all chains as they are: for records older than the key. Returns how many. */
export async function adoptHeads(database: Kysely<SnapshotTables>, seal: Seal): Promise<number> {
  const ends = await database
    .selectFrom('snapshots')
    .select(['camera_id', (select) => select.fn.max('seq').as('seq')])
    .groupBy('camera_id')
    .execute();
  for (const { camera_id, seq } of ends) {
    const last = await database
      .selectFrom('snapshots')
      .select(['id', 'chain_hash'])
      .where('camera_id', '=', camera_id)
      .where('seq', '=', seq)
      .executeTakeFirstOrThrow();
    await moveHead(database, { cameraId: camera_id, seq, id: last.id, chainHash: last.chain_hash }, seal);
  }
  return ends.length;
}

async function lastSeqOf(database: Kysely<SnapshotTables>, cameraId: string): Promise<number> {
  let last = 0;
  for (const table of ['snapshots', 'snapshot_tombstones'] as const) {
    const row = await database
      .selectFrom(table)
      .select('seq')
      .where('camera_id', '=', cameraId)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    last = Math.max(last, row?.seq ?? 0);
  }
  return last;
}
