import { toRfc3339 } from '../../base/clock.ts';
import type { Share, ShareTarget } from '../../contract/share.ts';

/** A share link as its table holds it. */
export interface ShareRow {
  id: string;
  secret_hash: string;
  kind: 'live' | 'pair';
  camera_id: string | null;
  left_id: string | null;
  right_id: string | null;
  note: string | null;
  creator_kind: 'user' | 'token';
  creator_id: string;
  creator_name: string;
  created_at_ms: number;
  expires_at_ms: number;
  revoked_at_ms: number | null;
  views: number;
  last_viewed_at_ms: number | null;
}

/** The wire form, without the secret. */
export function toShare(row: ShareRow): Share {
  const timeOf = (ms: number | null): string | null => (ms === null ? null : toRfc3339(ms));
  return {
    id: row.id,
    target: targetOf(row),
    note: row.note,
    createdAt: toRfc3339(row.created_at_ms),
    expiresAt: toRfc3339(row.expires_at_ms),
    revokedAt: timeOf(row.revoked_at_ms),
    views: row.views,
    lastViewedAt: timeOf(row.last_viewed_at_ms),
    createdBy: { kind: row.creator_kind, id: row.creator_id, name: row.creator_name },
  };
}

/** What the link opens. */
export function targetOf(row: ShareRow): ShareTarget {
  if (row.kind === 'live') return { kind: 'live', cameraId: row.camera_id ?? '' };
  return { kind: 'pair', leftId: row.left_id ?? '', rightId: row.right_id ?? '' };
}
