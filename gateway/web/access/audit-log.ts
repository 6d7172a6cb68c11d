import type { CancelTimer, Clock } from '../../base/clock.ts';
import type { Database } from '../../base/database.ts';
import { GatewayError, messageOf } from '../../base/gateway-error.ts';
import type { Logger } from '../../base/logger.ts';
import type { AuditActor, AuditEntry, AuditVerdict } from '../../contract/audit.ts';
import type { Page } from '../../contract/common.ts';
import { auditId, toAuditEntry } from './audit-row.ts';
import type { NewAuditEntry } from './audit-row.ts';
import { AuditStore } from './audit-store.ts';
import type { AuditFilter, PendingEntry } from './audit-store.ts';
import { verifyAudit } from './verify-audit.ts';

/** The gateway itself. */
export const SYSTEM: AuditActor = { kind: 'system', id: null, name: 'gateway' };

const MOST_AT_ONCE = 500;
/** Requests that wait for the disk; more than this, and it does not write any more. */
const MOST_WAITING = 20_000;
const EXPORT_PAGE = 500;
const TRIM_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;

interface Waiting extends PendingEntry {
  done: () => void;
  failed: (error: unknown) => void;
}

/** Who did and who watched what: append-only, in a chain of hashes; one for each gateway. */
export class AuditLog {
  readonly #store: AuditStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #keepMs: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #cancelTrim: CancelTimer | undefined;

  constructor(options: { database: Database; clock: Clock; logger: Logger; keepDays: number }) {
    this.#store = new AuditStore(options.database);
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#keepMs = options.keepDays * DAY_MS;
  }

  /** Begins to remove what has been kept for its days. */
  start(): void {
    const trim = (): void => {
      this.trim().catch((error: unknown) =>
        this.#logger.error({ err: error }, `old audit entries could not be removed: ${messageOf(error)}`),
      );
    };
    trim();
    this.#cancelTrim = this.#clock.every(TRIM_MS, trim);
  }

  /** Resolves when all that was recorded is on disk. */
  async stop(): Promise<void> {
    this.#cancelTrim?.();
    await this.#writing;
  }

  /**
   * Resolves when the entry is on disk, in the order of the calls; what comes at the same time shares one write. `also`
   * changes other tables in the same transaction. Throws `storage-failed`.
   */
  record(entry: NewAuditEntry, also?: PendingEntry['also']): Promise<void> {
    if (this.#waiting.length >= MOST_WAITING)
      return Promise.reject(new GatewayError('storage-failed', 'the audit cannot be written fast enough'));
    const written = new Promise<void>((done, failed) => {
      this.#waiting.push({ entry, also, done, failed });
    });
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
    return written;
  }

  /** Newest first or oldest first. Throws `bad-request` for a foreign cursor. */
  async list(
    filter: AuditFilter,
    page: { order: 'asc' | 'desc'; limit: number; cursor?: string },
  ): Promise<Page<AuditEntry>> {
    const { order, limit, cursor } = page;
    if (cursor !== undefined && !/^\d{1,15}$/.test(cursor))
      throw new GatewayError('bad-request', 'cursor: give the nextCursor of the page before, unchanged');
    const place = cursor === undefined ? undefined : Number(cursor);
    const rows = await this.#store.list(filter, { order, limit: limit + 1, place });
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map(toAuditEntry),
      nextCursor: rows.length > limit && last ? String(last.seq) : null,
    };
  }

  /** All that the filter finds, read as it is taken. */
  async *all(filter: AuditFilter, order: 'asc' | 'desc'): AsyncGenerator<AuditEntry> {
    let place: number | undefined;
    for (;;) {
      const rows = await this.#store.list(filter, { order, limit: EXPORT_PAGE, place });
      for (const row of rows) yield toAuditEntry(row);
      place = rows.at(-1)?.seq;
      if (rows.length < EXPORT_PAGE) return;
    }
  }

  /** Walks the chain and names the first entry that is not as it was written. */
  async verify(): Promise<AuditVerdict> {
    await this.#writing;
    return verifyAudit(this.#store);
  }

  /** Removes what is older than its days, in the open: an entry says how much, and the chain stays checkable. */
  async trim(): Promise<void> {
    const now = this.#clock.now();
    const removed = await this.#store.trim(now - this.#keepMs, now, (cut) => ({
      actor: SYSTEM,
      action: 'audit.trimmed',
      detail: {
        through: auditId(cut.through_seq),
        hash: cut.hash,
        removed: cut.removed,
        keepDays: this.#keepMs / DAY_MS,
      },
    }));
    if (removed > 0) this.#logger.info({ removed }, 'removed audit entries kept for their days');
  }

  async #write(): Promise<void> {
    // What comes in this turn of the event loop goes with the first.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MOST_AT_ONCE);
      try {
        await this.#store.append(batch, this.#clock.now());
        for (const { done } of batch) done();
      } catch (error) {
        const fault = new GatewayError('storage-failed', `the audit cannot be written: ${messageOf(error)}`, {
          cause: error,
        });
        for (const { failed } of batch) failed(fault);
      }
    }
  }
}
