import type { AuditVerdict } from '../../contract/audit.ts';
import { AUDIT_GENESIS, auditHash, auditId } from './audit-row.ts';
import type { AuditRow } from './audit-row.ts';
import type { AuditStore } from './audit-store.ts';

const ROWS_AT_ONCE = 1000;

/** Walks the whole chain in order: numbers, links, hashes, and that whatever was removed at its old end is told in it. */
export async function verifyAudit(store: Pick<AuditStore, 'list' | 'anchors'>): Promise<AuditVerdict> {
  const anchors = new Map((await store.anchors()).map((anchor) => [anchor.through_seq, anchor.hash]));
  const told = new Set<string>();
  let checked = 0;
  let before: AuditRow | undefined;
  let start: { seq: number; hash: string } | undefined;
  for (let place = 0; ;) {
    const rows = await store.list({}, { order: 'asc', limit: ROWS_AT_ONCE, place });
    for (const row of rows) {
      if (!before) start = { seq: row.seq - 1, hash: row.prev_hash };
      const reason = faultOf(row, before, anchors);
      if (reason) return bad(checked, row, reason);
      if (row.action === 'audit.trimmed') told.add(row.detail);
      checked += 1;
      before = row;
    }
    const last = rows.at(-1);
    if (!last || rows.length < ROWS_AT_ONCE) break;
    place = last.seq;
  }
  if (start && start.seq > 0 && !isTold(told, start)) {
    const reason = 'the entries before it were removed, and no entry says so';
    return { ok: false, checked, firstBadId: auditId(start.seq + 1), reason, head: headOf(before) };
  }
  return { ok: true, checked, firstBadId: null, reason: null, head: headOf(before) };
}

function faultOf(
  row: AuditRow,
  before: AuditRow | undefined,
  anchors: ReadonlyMap<number, string>,
): string | null {
  if (auditHash(row) !== row.hash) return 'it is not what was written: its hash differs';
  if (before) {
    if (row.seq !== before.seq + 1) return `${row.seq - before.seq - 1} entries before it are missing`;
    return row.prev_hash === before.hash ? null : 'it does not follow from the entry before';
  }
  const expected = row.seq === 1 ? AUDIT_GENESIS : anchors.get(row.seq - 1);
  if (expected === undefined) return 'the entries before it are missing, and nothing says why';
  return row.prev_hash === expected
    ? null
    : 'it does not follow from the entries that were removed before it';
}

/** True when an entry of the chain tells that all up to that number was removed. */
function isTold(told: ReadonlySet<string>, { seq, hash }: { seq: number; hash: string }): boolean {
  const expected = `"through":"${auditId(seq)}","hash":"${hash}"`;
  return [...told].some((detail) => detail.includes(expected));
}

function bad(checked: number, row: AuditRow, reason: string): AuditVerdict {
  return { ok: false, checked, firstBadId: auditId(row.seq), reason, head: null };
}

function headOf(row: AuditRow | undefined): AuditVerdict['head'] {
  return row ? { id: auditId(row.seq), hash: row.hash } : null;
}
