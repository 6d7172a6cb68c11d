import type { Blobs } from '../base/blobs.ts';
import type { ChainVerdict } from '../contract/snapshot.ts';
import { cameraFolder, originalOf } from './blob-keys.ts';
import { chainHash, GENESIS_HASH, sha256Of } from './chain-hash.ts';
import { headOf } from './evidence/chain-heads.ts';
import type { EvidenceVerifyKey } from './evidence/evidence-key.ts';
import type { LeafRow, TombstoneRow } from './evidence/evidence-rows.ts';
import type { ChainEntry, EvidenceStore } from './evidence/evidence-store.ts';
import { erasureText, headText, tombstoneText } from './evidence/signed-texts.ts';
import { linkOf } from './snapshot-row.ts';
import type { SnapshotRow } from './snapshot-row.ts';
import type { SnapshotStore } from './snapshot-store.ts';

export interface ChainVerifierOptions {
  blobs: Blobs;
  store: Pick<SnapshotStore, 'get'>;
  evidence: EvidenceStore;
  key: Pick<EvidenceVerifyKey, 'verifies'>;
  /** True for the original of a picture that is being recorded just now. */
  isUnderWay?: (key: string) => boolean;
}

const BATCH = 200;

interface Place {
  seq: number;
  id: string | null;
  chain_hash: string;
}

/** Where and why a chain is not as it was recorded. */
interface Fault {
  id: string | null;
  reason: string;
}

/** Walks a camera's chain, rows, tombstones, files and signatures, and names the first that is not as it was recorded. */
export class ChainVerifier {
  readonly #options: ChainVerifierOptions;

  constructor(options: ChainVerifierOptions) {
    this.#options = options;
  }

  /** Reads every file of the camera; pictures recorded meanwhile are checked too. */
  async verify(cameraId: string): Promise<ChainVerdict> {
    const leaves = await this.#options.evidence.leavesOf(cameraId);
    let before: Place = { seq: 0, id: null, chain_hash: GENESIS_HASH };
    for (;;) {
      const entries = await this.#options.evidence.chain(cameraId, before.seq, BATCH);
      for (const entry of entries) {
        const fault = await this.#entryFault(entry, before, leaves);
        if (fault) return broken(before, fault);
        before = entry.row;
      }
      if (entries.length >= BATCH) continue;
      const end = (await this.#endFault(cameraId, before, leaves)) ?? (await this.#strayFile(cameraId));
      if (end === 'again') continue;
      return end ? broken(before, end) : { ok: true, checked: before.seq, firstBadId: null, reason: null };
    }
  }

  async #entryFault(entry: ChainEntry, before: Place, leaves: readonly LeafRow[]): Promise<Fault | null> {
    const { row } = entry;
    const leaf = leaves.find(({ seq, chain_hash }) => seq === row.seq && chain_hash !== row.chain_hash);
    const reason =
      rowFault(row, before) ??
      (leaf
        ? `its chain hash is not the one signed in the root of ${leaf.date}: the chain was rewritten`
        : null) ??
      (entry.kind === 'picture' ? await this.#fileFault(entry.row) : this.#stoneFault(entry.row));
    return reason === null ? null : { id: row.id, reason };
  }

  async #fileFault(row: SnapshotRow): Promise<string | null> {
    const bytes = await this.#options.blobs.get(row.blob_key);
    const isMoved = !bytes && (await this.#isRemovedMeanwhile(row));
    if (isMoved) return null;
    if (!bytes) return 'the picture file is missing';
    if (bytes.byteLength !== row.bytes || sha256Of(bytes) !== row.sha256)
      return 'the picture file is not the one recorded: its SHA-256 differs';
    return null;
  }

  /** Retention may have come between the reading of the row and of the file. */
  async #isRemovedMeanwhile(row: SnapshotRow): Promise<boolean> {
    const stone = await this.#options.evidence.tombstone(row.id);
    return stone !== undefined && this.#stoneFault(stone) === null;
  }

  #stoneFault(stone: TombstoneRow): string | null {
    const { id, chain_hash, removed_at_ms, policy, signature } = stone;
    const text = tombstoneText({ id, chainHash: chain_hash, removedAtMs: removed_at_ms, policy });
    if (this.#options.key.verifies(text, signature)) return null;
    return 'the picture is marked as removed by retention, but the gateway has not signed that';
  }

  /** What lies behind the last entry: the signed end of the chain and the leaves of closed days. */
  async #endFault(
    cameraId: string,
    last: Place,
    leaves: readonly LeafRow[],
  ): Promise<Fault | 'again' | null> {
    const { evidence, key } = this.#options;
    const head = await evidence.head(cameraId);
    if (head && !key.verifies(headText(headOf(head)), head.signature))
      return {
        id: head.id,
        reason: 'the end of the chain is not signed by the gateway: the chain was rewritten',
      };
    if (head && head.seq > last.seq) {
      if ((await evidence.hashAt(cameraId, head.seq)) !== undefined) return 'again';
      const count = head.seq - last.seq;
      return {
        id: head.id,
        reason: `${plural(count)} missing at the end: the signed end is picture ${head.seq}`,
      };
    }
    if (head && (head.seq !== last.seq || head.chain_hash !== last.chain_hash))
      return {
        id: last.id,
        reason: 'it was not put there by the gateway: the signed end of the chain is another',
      };
    const cut = leaves.find(({ seq }) => seq > last.seq);
    if (!head) return this.#headlessFault(cameraId, last, leaves);
    return cut
      ? { id: null, reason: `pictures signed in the root of ${cut.date} are missing at the end` }
      : null;
  }

  async #headlessFault(cameraId: string, last: Place, leaves: readonly LeafRow[]): Promise<Fault | null> {
    const erasure = await this.#options.evidence.erasure(cameraId);
    if (last.seq > 0) return { id: last.id, reason: 'the signed end of the chain is gone' };
    if (!erasure && leaves.length > 0) return { id: null, reason: 'all pictures of the camera are gone' };
    if (!erasure) return null;
    const { seq, chain_hash, erased_at_ms, signature } = erasure;
    const text = erasureText({ cameraId, seq, chainHash: chain_hash, erasedAtMs: erased_at_ms });
    if (this.#options.key.verifies(text, signature)) return null;
    return { id: null, reason: 'the pictures were erased, but the gateway has not signed that' };
  }

  /** An original that no row names: put there by someone else. */
  async #strayFile(cameraId: string): Promise<Fault | null> {
    const { blobs, store, evidence, isUnderWay } = this.#options;
    for await (const key of blobs.list(cameraFolder(cameraId))) {
      if (originalOf(key) !== key || isUnderWay?.(key) === true) continue;
      const id = key.slice(key.lastIndexOf('/') + 1, -'.jpg'.length);
      const row = (await store.get(id)) ?? (await evidence.tombstone(id));
      if (row?.blob_key === key && row.camera_id === cameraId) continue;
      // It may have been under way when the folder was read, and given up since.
      if (row || (await blobs.get(key)))
        return { id, reason: `the file ${key} was not recorded by the gateway` };
    }
    return null;
  }
}

function broken(before: Place, { id, reason }: Fault): ChainVerdict {
  return { ok: false, checked: before.seq, firstBadId: id, reason };
}

function rowFault(row: SnapshotRow | TombstoneRow, before: Place): string | null {
  if (row.seq <= before.seq) return 'its place in the chain is taken by another picture';
  if (row.seq !== before.seq + 1) return `${plural(row.seq - before.seq - 1)} missing before this one`;
  if (row.prev_hash !== before.chain_hash)
    return 'it does not follow the picture before it: prevHash differs';
  if (chainHash(linkOf(row)) !== row.chain_hash)
    return 'a recorded field was changed: chainHash does not fit the row';
  return null;
}

function plural(count: number): string {
  return count === 1 ? '1 row is' : `${count} rows are`;
}
