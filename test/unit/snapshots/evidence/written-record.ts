import { randomBytes } from 'node:crypto';
import { chmod, copyFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { configSchema } from '../../../../config/schema.ts';
import type { Config } from '../../../../config/schema.ts';
import { openDatabase } from '../../../../gateway/base/database.ts';
import type { Database } from '../../../../gateway/base/database.ts';
import { FileBlobs } from '../../../../gateway/base/file-blobs.ts';
import { silentLogger } from '../../../../gateway/base/logger.ts';
import { migrate } from '../../../../gateway/base/migrations.ts';
import { openRecord } from '../../../../gateway/open-record.ts';
import { loadEvidenceKey } from '../../../../gateway/snapshots/evidence/evidence-key.ts';
import type { EvidenceKey } from '../../../../gateway/snapshots/evidence/evidence-key.ts';
import { RecordEvidence } from '../../../../gateway/snapshots/evidence/record-evidence.ts';
import { SnapshotRecorder } from '../../../../gateway/snapshots/snapshot-recorder.ts';
import type { SnapshotRow } from '../../../../gateway/snapshots/snapshot-row.ts';
import { SnapshotStore } from '../../../../gateway/snapshots/snapshot-store.ts';
import { migrations } from '../../../../gateway/snapshots/snapshots-migrations.ts';
import type { RecordVerdict } from '../../../../gateway/contract/evidence.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

export const timeZone = 'Asia/Shanghai';

/** A record in a data folder of its own, written by the real stores; its pictures are random bytes. */
export class WrittenRecord {
  readonly folder: string;
  readonly clock: FakeClock;
  readonly key: EvidenceKey;
  readonly blobs: FileBlobs;
  readonly database: Database;
  readonly store: SnapshotStore;
  readonly recorder: SnapshotRecorder;
  evidence: RecordEvidence;

  private constructor(folder: string, clock: FakeClock, key: EvidenceKey, database: Database) {
    this.folder = folder;
    this.clock = clock;
    this.key = key;
    this.database = database;
    this.blobs = new FileBlobs(join(folder, 'pictures'));
    this.store = new SnapshotStore(database, key);
    this.recorder = new SnapshotRecorder({ blobs: this.blobs, store: this.store });
    this.evidence = this.newEvidence();
  }

  static async open(now = '2026-11-20T02:00:00.000Z'): Promise<WrittenRecord> {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-evidence-'));
    const database = openDatabase(`sqlite:${join(folder, 'gantry.db')}`);
    await migrate(database, migrations);
    const key = await loadEvidenceKey(join(folder, 'evidence.key'));
    return new WrittenRecord(folder, new FakeClock(now), key, database);
  }

  newEvidence(): RecordEvidence {
    return new RecordEvidence({
      clock: this.clock,
      logger: silentLogger,
      database: this.database,
      blobs: this.blobs,
      key: this.key,
      gatewayId: 'gantry-1',
      timeZone,
      snapshots: this.store,
      recorder: this.recorder,
    });
  }

  /** Records a picture now. */
  async take(cameraId = 'cam_a', slotMs: number | null = null): Promise<SnapshotRow> {
    const picture = {
      jpeg: randomBytes(2000),
      width: 64,
      height: 36,
      takenAtMs: this.clock.now(),
      source: 'keyframe' as const,
      quality: { luma: 1, sharpness: 1, verdict: 'ok' as const },
      thumb: randomBytes(100),
    };
    const row = await this.recorder.record(cameraId, picture, slotMs);
    if (!row) throw new Error('the slot has its picture already');
    return row;
  }

  /** `perDay` pictures of each camera on each of the days, closing each day at its end. */
  async takeDays(cameraIds: readonly string[], days: number, perDay = 3): Promise<SnapshotRow[]> {
    await this.evidence.start();
    const rows: SnapshotRow[] = [];
    for (let day = 0; day < days; day += 1) {
      for (let index = 0; index < perDay; index += 1) {
        for (const cameraId of cameraIds) rows.push(await this.take(cameraId));
        this.clock.advanceNow(3_600_000);
      }
      // Ten in the morning of the next day.
      await this.evidence.stop();
      this.clock.advanceNow(86_400_000 - perDay * 3_600_000);
      this.evidence = this.newEvidence();
      await this.evidence.start();
    }
    return rows;
  }

  config(folder = this.folder): Config {
    return configSchema.parse({ dataDir: folder });
  }

  /** What `gantry snapshot verify --offline` finds. */
  async verdict(folder = this.folder, published?: ReadonlyMap<string, string>): Promise<RecordVerdict> {
    const record = await openRecord(this.config(folder));
    try {
      return await record.verifyAll(published);
    } finally {
      await record.close();
    }
  }

  /** The data folder as it is now, for someone to tamper with. */
  async copy(): Promise<TamperedCopy> {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-tampered-'));
    this.#checkpoint();
    await copyFile(join(this.folder, 'gantry.db'), join(folder, 'gantry.db'));
    await copyFile(join(this.folder, 'evidence.key'), join(folder, 'evidence.key'));
    await chmod(join(folder, 'evidence.key'), 0o600);
    await mkdir(join(folder, 'pictures'), { recursive: true });
    await cp(join(this.folder, 'pictures'), join(folder, 'pictures'), { recursive: true });
    return new TamperedCopy(folder);
  }

  async close(): Promise<void> {
    await this.evidence.stop();
    await this.database.destroy();
    await rm(this.folder, { recursive: true });
  }

  #checkpoint(): void {
    const database = new DatabaseSync(join(this.folder, 'gantry.db'));
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
  }
}

/** A copy of a data folder in the hands of someone without the key. */
export class TamperedCopy {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  path(key: string): string {
    return join(this.folder, 'pictures', key);
  }

  sql<Row = unknown>(statement: string, ...values: (string | number)[]): Row[] {
    const database = new DatabaseSync(join(this.folder, 'gantry.db'));
    try {
      return database.prepare(statement).all(...values) as Row[];
    } finally {
      database.close();
    }
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}
