import { sql } from 'kysely';
import type { Database } from './database.ts';
import { GatewayError, messageOf } from './gateway-error.ts';

/** One step of the schema, owned by one stage; once released it never changes. */
export interface Migration {
  /** Unique and sortable within its stage, for example `fleet-001-cameras`. */
  name: string;
  up(database: Database): Promise<void>;
}

/**
 * Applies, in order and each in its own transaction, the migrations that this database has not seen.
 * Returns the names applied; throws `storage-failed` naming the step that failed, and leaves the earlier ones in place.
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<string[]> {
  await sql`create table if not exists migrations (name text primary key, applied_at text not null)`.execute(
    database,
  );
  const seen = await sql<{ name: string }>`select name from migrations`.execute(database);
  const done = new Set(seen.rows.map((row) => row.name));
  const applied: string[] = [];
  for (const migration of migrations) {
    if (done.has(migration.name)) continue;
    try {
      await database.transaction().execute(async (transaction) => {
        await migration.up(transaction);
        await sql`insert into migrations (name, applied_at) values (${migration.name}, ${new Date().toISOString()})`.execute(
          transaction,
        );
      });
    } catch (error) {
      throw new GatewayError(
        'storage-failed',
        `database step ${migration.name} failed: ${messageOf(error)}; nothing of it was kept`,
        { cause: error },
      );
    }
    done.add(migration.name);
    applied.push(migration.name);
  }
  return applied;
}
