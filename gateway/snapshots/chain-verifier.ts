import type { Blobs } from '../base/blobs.ts';
import type { ChainVerdict } from '../contract/snapshot.ts';
import { chainHash, GENESIS_HASH, sha256Of } from './chain-hash.ts';
import { linkOf } from './snapshot-row.ts';
import type { SnapshotRow } from './snapshot-row.ts';
import type { SnapshotStore } from './snapshot-store.ts';

const BATCH = 200;

/** Walks a camera's chain, rows and files, and names the first that is not as it was recorded. */
export class ChainVerifier {
  readonly #blobs: Blobs;
  readonly #store: SnapshotStore;

  constructor(options: { blobs: Blobs; store: SnapshotStore }) {
    this.#blobs = options.blobs;
    this.#store = options.store;
  }

  /** Reads every file of the camera; pictures recorded meanwhile are checked too. */
  async verify(cameraId: string): Promise<ChainVerdict> {
    let before = { seq: 0, chain_hash: GENESIS_HASH };
    for (;;) {
      const rows = await this.#store.chain(cameraId, before.seq, BATCH);
      for (const row of rows) {
        const reason = rowFault(row, before) ?? (await this.#fileFault(row));
        if (reason) return { ok: false, checked: before.seq, firstBadId: row.id, reason };
        before = row;
      }
      if (rows.length < BATCH) return { ok: true, checked: before.seq, firstBadId: null, reason: null };
    }
  }

  async #fileFault(row: SnapshotRow): Promise<string | null> {
    const bytes = await this.#blobs.get(row.blob_key);
    if (!bytes) return 'the picture file is missing';
    if (bytes.byteLength !== row.bytes || sha256Of(bytes) !== row.sha256)
      return 'the picture file is not the one recorded: its SHA-256 differs';
    return null;
  }
}

function rowFault(row: SnapshotRow, before: { seq: number; chain_hash: string }): string | null {
  if (row.seq !== before.seq + 1) {
    const missing = row.seq - before.seq - 1;
    return `${missing} ${missing === 1 ? 'row is' : 'rows are'} missing before this one`;
  }
  if (row.prev_hash !== before.chain_hash)
    return 'it does not follow the picture before it: prevHash differs';
  if (chainHash(linkOf(row)) !== row.chain_hash)
    return 'a recorded field was changed: chainHash does not fit the row';
  return null;
}
