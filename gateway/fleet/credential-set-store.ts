import type { Database } from '../base/database.ts';

/** A credential set as it lies in the database: its password sealed, null for none. */
export interface StoredCredentialSet {
  id: string;
  name: string;
  username: string;
  sealedPassword: string | null;
  createdAtMs: number;
}

interface CredentialSetRow {
  id: string;
  name: string;
  username: string;
  password: string | null;
  created_at_ms: number;
}

/** The credential_sets table. */
export class CredentialSetStore {
  readonly #tables;

  constructor(database: Database) {
    this.#tables = database.withTables<{ credential_sets: CredentialSetRow }>();
  }

  async all(): Promise<StoredCredentialSet[]> {
    const rows = await this.#tables
      .selectFrom('credential_sets')
      .selectAll()
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute();
    return rows.map(({ password, created_at_ms: createdAtMs, ...shared }) => ({
      ...shared,
      sealedPassword: password,
      createdAtMs,
    }));
  }

  async insert(stored: StoredCredentialSet): Promise<void> {
    await this.#tables.insertInto('credential_sets').values(toRow(stored)).execute();
  }

  async update(stored: StoredCredentialSet): Promise<void> {
    await this.#tables
      .updateTable('credential_sets')
      .set(toRow(stored))
      .where('id', '=', stored.id)
      .execute();
  }

  async remove(id: string): Promise<void> {
    await this.#tables.deleteFrom('credential_sets').where('id', '=', id).execute();
  }
}

function toRow({ sealedPassword, createdAtMs, ...shared }: StoredCredentialSet): CredentialSetRow {
  return { ...shared, password: sealedPassword, created_at_ms: createdAtMs };
}
