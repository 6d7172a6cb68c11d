import type { Database } from '../base/database.ts';

/** The retained_topics table: topics on which the broker holds a message of ours. */
export class RetainedTopicStore {
  readonly #tables;

  constructor(database: Database) {
    this.#tables = database.withTables<{ retained_topics: { topic: string } }>();
  }

  async all(): Promise<string[]> {
    const rows = await this.#tables.selectFrom('retained_topics').select('topic').execute();
    return rows.map(({ topic }) => topic);
  }

  async add(topic: string): Promise<void> {
    await this.#tables
      .insertInto('retained_topics')
      .values({ topic })
      .onConflict((conflict) => conflict.column('topic').doNothing())
      .execute();
  }

  async remove(topic: string): Promise<void> {
    await this.#tables.deleteFrom('retained_topics').where('topic', '=', topic).execute();
  }
}
