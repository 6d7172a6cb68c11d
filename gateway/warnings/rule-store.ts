import type { Database } from '../base/database.ts';
import type { RuleCreate } from '../contract/notification.ts';

/** A rule as it is kept. */
export interface RuleRecord extends RuleCreate {
  id: string;
  createdAtMs: number;
}

interface RuleRow {
  id: string;
  body: string;
  created_at_ms: number;
}

/** The notification_rules table. */
export class RuleStore {
  readonly #tables;

  constructor(database: Database) {
    this.#tables = database.withTables<{ notification_rules: RuleRow }>();
  }

  async all(): Promise<RuleRecord[]> {
    const rows = await this.#tables
      .selectFrom('notification_rules')
      .select('body')
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute();
    return rows.map(({ body }) => JSON.parse(body) as RuleRecord);
  }

  /** Inserts or replaces. */
  async save(record: RuleRecord): Promise<void> {
    const row = { id: record.id, body: JSON.stringify(record), created_at_ms: record.createdAtMs };
    await this.#tables
      .insertInto('notification_rules')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  }

  async remove(id: string): Promise<void> {
    await this.#tables.deleteFrom('notification_rules').where('id', '=', id).execute();
  }
}
