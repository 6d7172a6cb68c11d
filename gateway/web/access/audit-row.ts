import { createHash } from 'node:crypto';
import { toRfc3339 } from '../../base/clock.ts';
import type { AuditActor, AuditEntry, AuditSubject } from '../../contract/audit.ts';

/** `prevHash` of the first entry. */
export const AUDIT_GENESIS = '0'.repeat(64);

/** What is to be written down. */
export interface NewAuditEntry {
  actor: AuditActor;
  /** Noun and past participle, such as `camera.changed`. */
  action: string;
  subject?: AuditSubject | null;
  projectId?: string | null;
  address?: string | null;
  /** Plain values; never a secret. */
  detail?: Record<string, unknown>;
}

/** An entry as its table holds it. */
export interface AuditRow {
  seq: number;
  at_ms: number;
  actor_kind: AuditActor['kind'];
  actor_id: string | null;
  actor_name: string;
  action: string;
  subject_kind: string | null;
  subject_id: string | null;
  subject_name: string | null;
  project_id: string | null;
  address: string | null;
  detail: string;
  prev_hash: string;
  hash: string;
}

const MOST_NAME_CHARACTERS = 200;
const MOST_DETAIL_CHARACTERS = 8192;

/** The entry in its place in the chain; names and details are cut to what an entry may hold. */
export function auditRow(
  entry: NewAuditEntry,
  place: { seq: number; atMs: number; prevHash: string },
): AuditRow {
  const detail = JSON.stringify(entry.detail ?? {});
  const row: AuditRow = {
    seq: place.seq,
    at_ms: place.atMs,
    actor_kind: entry.actor.kind,
    actor_id: entry.actor.id,
    actor_name: cut(entry.actor.name) ?? '',
    action: entry.action,
    subject_kind: entry.subject?.kind ?? null,
    subject_id: cut(entry.subject?.id ?? null),
    subject_name: cut(entry.subject?.name ?? null),
    project_id: entry.projectId ?? null,
    address: cut(entry.address ?? null),
    detail: detail.length <= MOST_DETAIL_CHARACTERS ? detail : '{"tooLong":true}',
    prev_hash: place.prevHash,
    hash: '',
  };
  return { ...row, hash: auditHash(row) };
}

/**
 * SHA-256 (hex) of the JSON array of version, previous hash, number, time in ms and all fields in the order of the
 * table, `detail` as its text.
 */
export function auditHash(row: AuditRow): string {
  const fields = [
    'gantry-audit-v1',
    row.prev_hash,
    row.seq,
    row.at_ms,
    row.actor_kind,
    row.actor_id,
    row.actor_name,
    row.action,
    row.subject_kind,
    row.subject_id,
    row.subject_name,
    row.project_id,
    row.address,
    row.detail,
  ];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}

/** The wire form. */
export function toAuditEntry(row: AuditRow): AuditEntry {
  const { subject_kind: kind, subject_id: id } = row;
  return {
    id: auditId(row.seq),
    at: toRfc3339(row.at_ms),
    actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
    action: row.action,
    subject: kind === null || id === null ? null : { kind, id, name: row.subject_name },
    projectId: row.project_id,
    address: row.address,
    detail: readDetail(row.detail),
    hash: row.hash,
    prevHash: row.prev_hash,
  };
}

/** Such as `aud_000042`. */
export function auditId(seq: number): string {
  return `aud_${String(seq).padStart(6, '0')}`;
}

/** A detail that somebody has spoilt is shown as it is; verification names it. */
function readDetail(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Falls through to the text itself.
  }
  return { unreadable: text };
}

function cut(text: string | null): string | null {
  return text === null ? null : text.toWellFormed().slice(0, MOST_NAME_CHARACTERS).toWellFormed();
}
