import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../gateway/base/database.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import type { Migration } from '../../../gateway/base/migrations.ts';

const things: Migration = {
  name: 'test-001-things',
  up: async (database) => {
    await sql`create table things (id text primary key, n integer)`.execute(database);
  },
};

function openThings() {
  const database = openDatabase('sqlite::memory:');
  return { database, tables: database.withTables<{ things: { id: string; n: number } }>() };
}

describe('the database', () => {
  it('applies each migration once and keeps the rows over a restart, with WAL and full synchronisation', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gantry-db-'));
    const url = `sqlite:${join(folder, 'gantry.db')}`;
    const first = openDatabase(url);
    expect(await migrate(first, [things])).toEqual(['test-001-things']);
    await sql`insert into things values ('a', 1)`.execute(first);
    await first.destroy();
    const second = openDatabase(url);
    expect(await migrate(second, [things])).toEqual([]);
    expect((await sql<{ n: number }>`select n from things`.execute(second)).rows).toEqual([{ n: 1 }]);
    const mode = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(second);
    const sync = await sql<{ synchronous: number }>`pragma synchronous`.execute(second);
    expect([mode.rows[0]?.journal_mode, sync.rows[0]?.synchronous]).toEqual(['wal', 2]);
    await second.destroy();
    await rm(folder, { recursive: true });
  });

  it('names the migration that fails and keeps nothing of it', async () => {
    const { database } = openThings();
    const bad: Migration = {
      name: 'test-002-bad',
      up: async (transaction) => {
        await sql`create table half (id text)`.execute(transaction);
        await sql`insert into nowhere values (1)`.execute(transaction);
      },
    };
    await expect(migrate(database, [things, bad])).rejects.toThrow(/test-002-bad/);
    await expect(sql`select * from half`.execute(database)).rejects.toThrow(/no such table/);
    await expect(sql`select * from things`.execute(database)).resolves.toBeDefined();
  });

  it('keeps concurrent transactions apart and rolls a failed one back', async () => {
    const { database, tables } = openThings();
    await migrate(database, [things]);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        tables.transaction().execute(async (transaction) => {
          await transaction
            .insertInto('things')
            .values({ id: `t${n}`, n })
            .execute();
          if (n % 2 === 1) throw new Error('undo');
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(10);
    const rows = await tables.selectFrom('things').select('n').orderBy('n').execute();
    expect(rows.map(({ n }) => n)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  });

  it('tells how many rows an update touched', async () => {
    const { database, tables } = openThings();
    await migrate(database, [things]);
    await tables
      .insertInto('things')
      .values([
        { id: 'a', n: 1 },
        { id: 'b', n: 1 },
      ])
      .execute();
    const result = await tables.updateTable('things').set({ n: 2 }).executeTakeFirst();
    expect(result.numUpdatedRows).toBe(2n);
  });

  it('refuses a store that it does not know without showing its password', () => {
    expect(() => openDatabase('mysql://u:secret@h/d')).toThrow(/store\.url/);
    expect(() => openDatabase('mysql://u:secret@h/d')).not.toThrow(/secret/);
  });
});
