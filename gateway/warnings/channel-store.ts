import type { Database } from '../base/database.ts';
import type { ChannelRecord, StoredChannel } from './channel-record.ts';

interface ChannelRow {
  id: string;
  body: string;
  sealed: string;
  created_at_ms: number;
}

/** The notification_channels table. */
export class ChannelStore {
  readonly #tables;

  constructor(database: Database) {
    this.#tables = database.withTables<{ notification_channels: ChannelRow }>();
  }

  async all(): Promise<StoredChannel[]> {
    const rows = await this.#tables
      .selectFrom('notification_channels')
      .selectAll()
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute();
    return rows.map(({ body, sealed }) => ({ record: JSON.parse(body) as ChannelRecord, sealed }));
  }

  /** Inserts or replaces. */
  async save(stored: StoredChannel): Promise<void> {
    const { id, createdAtMs } = stored.record;
    const row = {
      id,
      body: JSON.stringify(stored.record),
      sealed: stored.sealed,
      created_at_ms: createdAtMs,
    };
    await this.#tables
      .insertInto('notification_channels')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  }

  async remove(id: string): Promise<void> {
    await this.#tables.deleteFrom('notification_channels').where('id', '=', id).execute();
  }
}
