import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Config } from '../config/schema.ts';
import { openDatabase, sqlitePath } from './base/database.ts';
import { FileBlobs } from './base/file-blobs.ts';
import { GatewayError, messageOf } from './base/gateway-error.ts';
import type { RecordVerdict } from './contract/evidence.ts';
import type { ChainVerdict } from './contract/snapshot.ts';
import { ChainVerifier } from './snapshots/chain-verifier.ts';
import { EvidenceVerifyKey } from './snapshots/evidence/evidence-key.ts';
import { EvidenceStore } from './snapshots/evidence/evidence-store.ts';
import { DaysVerifier, verifyRecord } from './snapshots/evidence/record-verifier.ts';
import { SnapshotStore } from './snapshots/snapshot-store.ts';
import { EVIDENCE_KEY_FILE, databaseUrl, pictureFolder } from './storage.ts';

/** A record read from its data folder, whether a gateway runs on it or not; nothing is written. */
export interface OpenRecord {
  /** Throws `conflict` when this public key (PEM) is not the record's. */
  requireKey(publicKey: string): void;
  verify(cameraId: string): Promise<ChainVerdict>;
  verifyAll(published?: ReadonlyMap<string, string>): Promise<RecordVerdict>;
  close(): Promise<void>;
}

/** Throws `not-found` where there is no record, `storage-failed` when its key cannot be read. */
export async function openRecord(config: Config): Promise<OpenRecord> {
  const url = databaseUrl(config);
  await stat(sqlitePath(url)).catch(() => {
    throw new GatewayError(
      'not-found',
      `there is no record in ${config.dataDir}: name its folder with --data`,
    );
  });
  const key = await readKey(join(config.dataDir, EVIDENCE_KEY_FILE));
  const database = openDatabase(url, 'read-only');
  const blobs = new FileBlobs(pictureFolder(config));
  const evidence = new EvidenceStore(database);
  const store = new SnapshotStore(database, { ...neverSigns, verifies: (...args) => key.verifies(...args) });
  const chains = new ChainVerifier({ blobs, store, evidence, key });
  return {
    requireKey(publicKey) {
      const wanted = new EvidenceVerifyKey(publicKey);
      if (wanted.keyId === key.keyId) return;
      throw new GatewayError(
        'conflict',
        `the record is signed with another key (${key.keyId}) than the one given (${wanted.keyId}): someone replaced the key`,
      );
    },
    async verify(cameraId) {
      const verdict = await chains.verify(cameraId);
      if (!verdict.ok) return verdict;
      const days = await new DaysVerifier({ evidence, key }).verify();
      if (days.ok) return verdict;
      return { ...verdict, ok: false, reason: `signed day ${days.firstBadDate}: ${days.reason}` };
    },
    verifyAll: (published) => verifyRecord({ evidence, key, chains, published }),
    close: () => database.destroy(),
  };
}

const neverSigns = {
  sign(): never {
    throw new GatewayError('internal', 'a record opened for reading signs nothing');
  },
};

async function readKey(path: string): Promise<EvidenceVerifyKey> {
  try {
    const pem = await readFile(path, 'utf8');
    return new EvidenceVerifyKey(createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString());
  } catch (error) {
    throw new GatewayError(
      'storage-failed',
      `the key of the record, ${path}, cannot be read: ${messageOf(error)}`,
      {
        cause: error,
      },
    );
  }
}
