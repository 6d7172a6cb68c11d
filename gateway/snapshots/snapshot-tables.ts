import type { EvidenceTables } from './evidence/evidence-rows.ts';
import type { GapRow, SnapshotRow } from './snapshot-row.ts';

/** The record's tables as Kysely sees them. */
export type SnapshotTables = EvidenceTables & {
  snapshots: SnapshotRow;
  snapshot_gaps: GapRow;
  snapshot_cursors: { camera_id: string; handled_until_ms: number };
};
