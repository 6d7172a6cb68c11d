import { Kysely } from 'kysely';
import { GatewayError } from './gateway-error.ts';
import { NodeSqliteDialect } from './node-sqlite-dialect.ts';

/** The gateway's database; a store file sees its own tables through `withTables`. */
export type Database = Kysely<object>;

/**
 * Opens the database named by `store.url`: `sqlite:PATH` (WAL, synchronous=FULL, foreign keys on) or `sqlite::memory:`.
 * Throws `config-invalid` for a URL of another kind.
 */
export function openDatabase(url: string): Database {
  if (url.startsWith('sqlite:')) {
    return new Kysely<object>({ dialect: new NodeSqliteDialect(url.slice('sqlite:'.length)) });
  }
  throw new GatewayError(
    'config-invalid',
    `store.url "${url.replace(/:\/\/[^@]*@/, '://…@')}" is not supported in this version: use sqlite:PATH`,
  );
}
