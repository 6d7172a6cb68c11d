import { toRfc3339 } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import { pictureQuality } from '../contract/snapshot.ts';
import type { Snapshot, SnapshotGap } from '../contract/snapshot.ts';
import type { ChainLink } from './chain-hash.ts';

/** A row of `snapshots`; `seq` counts from 1 for each camera, `blob_key` is the original's. */
export interface SnapshotRow {
  id: string;
  camera_id: string;
  seq: number;
  taken_at_ms: number;
  scheduled_for_ms: number | null;
  width: number;
  height: number;
  bytes: number;
  sha256: string;
  prev_hash: string;
  chain_hash: string;
  source: string;
  luma: number;
  sharpness: number;
  verdict: string;
  milestone_id: string | null;
  note: string | null;
  blob_key: string;
  /** 1 when picked for the brief. */
  picked: number;
}

/** A row of `snapshot_gaps`: a slot that ended without a picture. */
export interface GapRow {
  camera_id: string;
  scheduled_for_ms: number;
  reason: string;
  message: string;
  recorded_at_ms: number;
}

/** The row in the wire's form; throws `storage-failed` when the row holds what this program never wrote. */
export function toSnapshot(row: SnapshotRow): Snapshot {
  const quality = pictureQuality.safeParse({
    luma: row.luma,
    sharpness: row.sharpness,
    verdict: row.verdict,
  });
  const { source } = row;
  if (!quality.success || (source !== 'keyframe' && source !== 'onvif')) {
    throw new GatewayError('storage-failed', `the database row of snapshot ${row.id} has been altered`);
  }
  return {
    id: row.id,
    cameraId: row.camera_id,
    takenAt: toRfc3339(row.taken_at_ms),
    scheduledFor: row.scheduled_for_ms === null ? null : toRfc3339(row.scheduled_for_ms),
    width: row.width,
    height: row.height,
    bytes: row.bytes,
    sha256: row.sha256,
    chainHash: row.chain_hash,
    prevHash: row.prev_hash,
    source,
    quality: quality.data,
    milestoneId: row.milestone_id,
    note: row.note,
    picked: row.picked !== 0,
  };
}

/** The gap in the wire's form. */
export function toGap(row: GapRow): SnapshotGap {
  return {
    cameraId: row.camera_id,
    scheduledFor: toRfc3339(row.scheduled_for_ms),
    reason: row.reason,
    message: row.message,
  };
}

/** What the chain hash of this row covers. */
export function linkOf(row: SnapshotRow): ChainLink {
  return {
    prevHash: row.prev_hash,
    id: row.id,
    cameraId: row.camera_id,
    takenAtMs: row.taken_at_ms,
    scheduledForMs: row.scheduled_for_ms,
    width: row.width,
    height: row.height,
    bytes: row.bytes,
    sha256: row.sha256,
    source: row.source,
  };
}
