import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../../base/database.ts';
import { AUDIT_GENESIS, auditRow } from './audit-row.ts';
import type { AuditRow, NewAuditEntry } from './audit-row.ts';

/** Where a chain that was cut at its old end begins: the last entry removed. */
export interface AuditAnchor {
  through_seq: number;
  hash: string;
  at_ms: number;
  removed: number;
}

// A type, not an interface: Kysely asks for an index signature.
export type AuditTables = { audit_entries: AuditRow; audit_anchors: AuditAnchor };

/** Which entries; times with `fromMs` ≤ time < `toMs`. */
export interface AuditFilter {
  fromMs?: number;
  toMs?: number;
  actor?: string;
  action?: string;
  subject?: string;
  projectId?: string;
}

/** An entry that waits for its place, and what is to change with it. */
export interface PendingEntry {
  entry: NewAuditEntry;
  also?: (transaction: Transaction<object>) => Promise<void>;
}

/** Reads and appends the rows of the audit; lives as long as the gateway. */
export class AuditStore {
  readonly #database: Database;
  readonly #tables: Kysely<AuditTables>;

  constructor(database: Database) {
    this.#database = database;
    this.#tables = database.withTables<AuditTables>();
  }

  /** Appends in order, all or none. */
  async append(pending: readonly PendingEntry[], atMs: number): Promise<void> {
    await this.#database.transaction().execute(async (transaction) => {
      const tables = transaction.withTables<AuditTables>();
      let { seq, prevHash } = await headOf(tables);
      const rows = pending.map(({ entry }) => {
        const row = auditRow(entry, { seq: (seq += 1), atMs, prevHash });
        prevHash = row.hash;
        return row;
      });
      await tables.insertInto('audit_entries').values(rows).execute();
      for (const { also } of pending) await also?.(transaction);
    });
  }

  /** A page in the order of the chain or against it, after (before) the entry numbered `place`. */
  list(
    filter: AuditFilter,
    page: { order: 'asc' | 'desc'; limit: number; place?: number },
  ): Promise<AuditRow[]> {
    let query = this.#tables.selectFrom('audit_entries').selectAll();
    const { fromMs, toMs, actor, action, subject, projectId } = filter;
    if (page.place !== undefined) query = query.where('seq', page.order === 'asc' ? '>' : '<', page.place);
    if (fromMs !== undefined) query = query.where('at_ms', '>=', fromMs);
    if (toMs !== undefined) query = query.where('at_ms', '<', toMs);
    if (projectId !== undefined) query = query.where('project_id', '=', projectId);
    if (actor !== undefined)
      query = query.where((is) => is.or([is('actor_id', '=', actor), is('actor_name', '=', actor)]));
    if (subject !== undefined)
      query = query.where((is) => is.or([is('subject_id', '=', subject), is('subject_name', '=', subject)]));
    // `camera` finds `camera.…`: all that lies between `camera.` and the next character after the dot.
    if (action !== undefined) {
      query = query.where((is) =>
        is.or([
          is('action', '=', action),
          is.and([is('action', '>=', `${action}.`), is('action', '<', `${action}/`)]),
        ]),
      );
    }
    return query.orderBy('seq', page.order).limit(page.limit).execute();
  }

  /** Anchors in the order in which entries were removed. */
  anchors(): Promise<AuditAnchor[]> {
    return this.#tables.selectFrom('audit_anchors').selectAll().orderBy('through_seq').execute();
  }

  /** Removes entries older than that, but never all, and writes down that it did. Returns how many went. */
  async trim(beforeMs: number, atMs: number, entryOf: (cut: AuditAnchor) => NewAuditEntry): Promise<number> {
    return this.#database.transaction().execute(async (transaction) => {
      const tables = transaction.withTables<AuditTables>();
      const last = await lastBefore(tables, beforeMs);
      if (!last) return 0;
      const { count } = await tables
        .selectFrom('audit_entries')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('seq', '<=', last.seq)
        .executeTakeFirstOrThrow();
      const anchor = { through_seq: last.seq, hash: last.hash, at_ms: atMs, removed: count };
      await tables.insertInto('audit_anchors').values(anchor).execute();
      const { seq, prevHash } = await headOf(tables);
      const row = auditRow(entryOf(anchor), { seq: seq + 1, atMs, prevHash });
      await tables.insertInto('audit_entries').values(row).execute();
      await tables.deleteFrom('audit_entries').where('seq', '<=', last.seq).execute();
      return count;
    });
  }
}

async function headOf(tables: Kysely<AuditTables>): Promise<{ seq: number; prevHash: string }> {
  const head = await tables
    .selectFrom('audit_entries')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { seq: head?.seq ?? 0, prevHash: head?.hash ?? AUDIT_GENESIS };
}

/** The entry before the first one that is young enough: clocks may have been set back, so numbers decide, not times. */
async function lastBefore(
  tables: Kysely<AuditTables>,
  beforeMs: number,
): Promise<{ seq: number; hash: string } | undefined> {
  const young = await tables
    .selectFrom('audit_entries')
    .select('seq')
    .where('at_ms', '>=', beforeMs)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  const head = young?.seq ?? (await headOf(tables)).seq;
  return tables
    .selectFrom('audit_entries')
    .select(['seq', 'hash'])
    .where('seq', '<', head)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
}
