import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Database } from '../../base/database.ts';
import type { ShareRow } from './share-row.ts';

// A type, not an interface: Kysely asks for an index signature.
type Tables = { shares: ShareRow };

/** Where a page of the list, newest first, goes on. */
export interface SharePlace {
  createdAtMs: number;
  id: string;
}

/** Reads and writes the rows of share links; lives as long as the gateway. */
export class ShareStore {
  readonly #tables: Kysely<Tables>;

  constructor(database: Database) {
    this.#tables = database.withTables<Tables>();
  }

  async insert(row: ShareRow): Promise<void> {
    await this.#tables.insertInto('shares').values(row).execute();
  }

  get(id: string): Promise<ShareRow | undefined> {
    return this.#tables.selectFrom('shares').selectAll().where('id', '=', id).executeTakeFirst();
  }

  bySecret(secretHash: string): Promise<ShareRow | undefined> {
    return this.#tables
      .selectFrom('shares')
      .selectAll()
      .where('secret_hash', '=', secretHash)
      .executeTakeFirst();
  }

  /** Neither revoked nor ended. */
  open(nowMs: number): Promise<ShareRow[]> {
    return this.#tables
      .selectFrom('shares')
      .selectAll()
      .where('revoked_at_ms', 'is', null)
      .where('expires_at_ms', '>', nowMs)
      .orderBy('expires_at_ms')
      .execute();
  }

  /** Newest first, some hundred read at once. */
  async *all(after: SharePlace | undefined): AsyncGenerator<ShareRow> {
    let place = after;
    for (;;) {
      let query = this.#tables.selectFrom('shares').selectAll();
      const { createdAtMs, id } = place ?? { createdAtMs: Number.MAX_SAFE_INTEGER, id: '' };
      query = query.where((is) =>
        is.or([
          is('created_at_ms', '<', createdAtMs),
          is.and([is('created_at_ms', '=', createdAtMs), is('id', '<', id)]),
        ]),
      );
      const rows = await query.orderBy('created_at_ms', 'desc').orderBy('id', 'desc').limit(500).execute();
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < 500) return;
      place = { createdAtMs: last.created_at_ms, id: last.id };
    }
  }

  /** True when it was open until now. */
  async revoke(id: string, nowMs: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#tables
      .updateTable('shares')
      .set({ revoked_at_ms: nowMs })
      .where('id', '=', id)
      .where('revoked_at_ms', 'is', null)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async countView(id: string, nowMs: number): Promise<void> {
    await this.#tables
      .updateTable('shares')
      .set({ views: sql<number>`views + 1`, last_viewed_at_ms: nowMs })
      .where('id', '=', id)
      .execute();
  }
}
