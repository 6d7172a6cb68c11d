import type { Blobs } from '../../base/blobs.ts';
import type { Clock } from '../../base/clock.ts';
import type { Database } from '../../base/database.ts';
import type { Unsubscribe } from '../../base/emitter.ts';
import type { Logger } from '../../base/logger.ts';
import type { EvidenceDay, EvidenceDayProof, EvidenceLeaf, RecordVerdict } from '../../contract/evidence.ts';
import type { ChainVerdict } from '../../contract/snapshot.ts';
import { ChainVerifier } from '../chain-verifier.ts';
import type { SnapshotRecorder } from '../snapshot-recorder.ts';
import type { SnapshotStore } from '../snapshot-store.ts';
import { DayCloser } from './day-closer.ts';
import { EvidenceExport } from './evidence-export.ts';
import type { ExportSubject } from './evidence-export.ts';
import type { EvidenceKey } from './evidence-key.ts';
import { EvidenceStore } from './evidence-store.ts';
import { merklePath } from './merkle-tree.ts';
import { DaysVerifier, verifyRecord } from './record-verifier.ts';
import { headLeaf } from './signed-texts.ts';
import { toEvidenceDay } from './to-evidence-day.ts';

export interface RecordEvidenceOptions {
  clock: Clock;
  logger: Logger;
  database: Database;
  blobs: Blobs;
  key: EvidenceKey;
  gatewayId: string;
  timeZone: string;
  snapshots: SnapshotStore;
  recorder: Pick<SnapshotRecorder, 'isUnderWay'>;
}

/** The proofs of the record: closes days, verifies, and hands out what others need to verify. One for the gateway. */
export class RecordEvidence {
  readonly #options: RecordEvidenceOptions;
  readonly #store: EvidenceStore;
  readonly #closer: DayCloser;
  readonly #chains: ChainVerifier;

  constructor(options: RecordEvidenceOptions) {
    this.#options = options;
    this.#store = new EvidenceStore(options.database);
    this.#closer = new DayCloser({ ...options, store: this.#store });
    this.#chains = new ChainVerifier({
      ...options,
      store: options.snapshots,
      evidence: this.#store,
      isUnderWay: (key) => options.recorder.isUnderWay(key),
    });
  }

  /** Call before the first picture: days that ended while the gateway was off are closed then. */
  start(): Promise<void> {
    return this.#closer.start();
  }

  stop(): Promise<void> {
    return this.#closer.stop();
  }

  get publicKey(): string {
    return this.#options.key.pem;
  }

  /** The camera's chain, and the signed days that it is checked against. */
  async verify(cameraId: string): Promise<ChainVerdict> {
    const verdict = await this.#chains.verify(cameraId);
    if (!verdict.ok) return verdict;
    const days = await new DaysVerifier({ evidence: this.#store, key: this.#options.key }).verify();
    if (days.ok) return verdict;
    return {
      ...verdict,
      ok: false,
      reason: `the signed day ${days.firstBadDate} is not whole: ${days.reason}`,
    };
  }

  verifyAll(): Promise<RecordVerdict> {
    return verifyRecord({ evidence: this.#store, key: this.#options.key, chains: this.#chains });
  }

  /** All closed days, the oldest first. */
  async days(): Promise<EvidenceDay[]> {
    return (await this.#store.days()).map(toEvidenceDay);
  }

  /** A closed day with the leaves of the cameras that `mayShow`; undefined when it is not closed. */
  async day(date: string, mayShow: (cameraId: string) => boolean): Promise<EvidenceDayProof | undefined> {
    const day = await this.#store.day(date);
    if (!day) return undefined;
    const leaves = await this.#store.leaves(date);
    const hashes = leaves.map(({ camera_id, seq, chain_hash }) =>
      headLeaf({ cameraId: camera_id, seq, chainHash: chain_hash }),
    );
    const shown = leaves.flatMap(({ camera_id, seq, chain_hash }, index): EvidenceLeaf[] =>
      mayShow(camera_id)
        ? [{ cameraId: camera_id, seq, chainHash: chain_hash, path: merklePath(hashes, index) }]
        : [],
    );
    return { ...toEvidenceDay(day), leaves: shown };
  }

  onClosed(listener: (day: EvidenceDay) => void): Unsubscribe {
    return this.#closer.onClosed(listener);
  }

  /** The bundle as a ZIP, made while it is read. Throws `not-found` without pictures, `too-large` past its bound. */
  export(subject: ExportSubject): Promise<AsyncIterable<Uint8Array>> {
    const { blobs, key, clock } = this.#options;
    return new EvidenceExport({ blobs, key, clock, store: this.#store }).open(subject);
  }
}
