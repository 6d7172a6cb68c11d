import { Kysely } from 'kysely';
import { GatewayError } from './gateway-error.ts';
import { NodeSqliteDialect } from './node-sqlite-dialect.ts';

/** The gateway's database; a store file sees its own tables through `withTables`. */
export type Database = Kysely<object>;

/**
 * Opens the database named by `store.url`: `sqlite:PATH` (WAL, synchronous=FULL, foreign keys on) or `sqlite::memory:`.
 * Read-only leaves the file as it is, and may be used beside a running gateway. Throws `config-invalid` for a URL of
 * another kind.
 */
export function openDatabase(url: string, mode: 'read-write' | 'read-only' = 'read-write'): Database {
  if (url.startsWith('sqlite:')) {
    return new Kysely<object>({ dialect: new NodeSqliteDialect(sqlitePath(url), mode) });
  }
  throw new GatewayError(
    'config-invalid',
    `store.url "${url.replace(/:\/\/[^@]*@/, '://…@')}" is not supported in this version: use sqlite:PATH`,
  );
}

/** The file of a `sqlite:PATH` address. */
export function sqlitePath(url: string): string {
  return url.slice('sqlite:'.length);
}
