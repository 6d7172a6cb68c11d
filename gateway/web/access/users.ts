import type { Transaction } from 'kysely';
import type { Clock } from '../../base/clock.ts';
import type { Database } from '../../base/database.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import { newId } from '../../base/new-id.ts';
import type { Role, User, UserCreate, UserPatch } from '../../contract/user.ts';
import type { AccessChanges } from './access-changes.ts';
import { hashPassword } from './password-hash.ts';

interface UserRow {
  id: string;
  username: string;
  username_key: string;
  display_name: string;
  role: Role;
  project_ids: string;
  password_hash: string;
  created_at_ms: number;
}

// A type, not an interface: Kysely asks for an index signature.
type Tables = {
  users: UserRow;
  sessions: { user_id: string };
};

/** A person as stored, without the password's hash. */
export interface UserRecord extends User {
  createdAtMs: number;
}

/** The people who may sign in, straight from their table; lives as long as the gateway. */
export class Users {
  readonly #tables;
  readonly #clock: Clock;
  readonly #changes: AccessChanges;

  constructor(options: { database: Database; clock: Clock; changes: AccessChanges }) {
    this.#tables = options.database.withTables<Tables>();
    this.#clock = options.clock;
    this.#changes = options.changes;
  }

  /** All, in the order of creation. */
  async all(): Promise<UserRecord[]> {
    const rows = await this.#tables
      .selectFrom('users')
      .selectAll()
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute();
    return rows.map(toRecord);
  }

  async get(id: string): Promise<UserRecord | undefined> {
    const row = await this.#tables.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toRecord(row);
  }

  /** The person of that name, whatever its case, with the hash to check a password against. */
  async findForSignIn(username: string): Promise<{ user: UserRecord; passwordHash: string } | undefined> {
    const row = await this.#tables
      .selectFrom('users')
      .selectAll()
      .where('username_key', '=', usernameKey(username))
      .executeTakeFirst();
    return row && { user: toRecord(row), passwordHash: row.password_hash };
  }

  /** Throws `conflict` when the name is taken in any case. */
  async create(body: UserCreate): Promise<UserRecord> {
    const row: UserRow = {
      id: newId('usr'),
      username: body.username,
      username_key: usernameKey(body.username),
      display_name: body.displayName ?? body.username,
      role: body.role,
      project_ids: JSON.stringify(body.projectIds),
      password_hash: await hashPassword(body.password),
      created_at_ms: this.#clock.now(),
    };
    await this.#tables.transaction().execute(async (transaction) => {
      const taken = await transaction
        .selectFrom('users')
        .select('id')
        .where('username_key', '=', row.username_key)
        .executeTakeFirst();
      if (taken) throw new GatewayError('conflict', `the user name ${body.username} is taken`);
      await transaction.insertInto('users').values(row).execute();
    });
    return toRecord(row);
  }

  /** Throws `not-found`, or `conflict` when no admin would be left. A new password ends the person's sessions. */
  async patch(id: string, body: UserPatch): Promise<UserRecord> {
    const passwordHash = body.password === undefined ? undefined : await hashPassword(body.password);
    const changed = await this.#tables.transaction().execute(async (transaction) => {
      const before = await existing(transaction, id);
      if (before.role === 'admin' && body.role !== undefined && body.role !== 'admin')
        await refuseLastAdmin(transaction);
      const after: UserRow = {
        ...before,
        display_name: body.displayName ?? before.display_name,
        role: body.role ?? before.role,
        project_ids: body.projectIds === undefined ? before.project_ids : JSON.stringify(body.projectIds),
        password_hash: passwordHash ?? before.password_hash,
      };
      await transaction.updateTable('users').set(after).where('id', '=', id).execute();
      if (passwordHash !== undefined)
        await transaction.deleteFrom('sessions').where('user_id', '=', id).execute();
      return after;
    });
    this.#changes.emit({ kind: 'user', userId: id });
    return toRecord(changed);
  }

  /** Lets the person see one more project, as its founder must. */
  async addProject(id: string, projectId: string): Promise<void> {
    const user = await this.get(id);
    if (!user || user.projectIds.includes(projectId)) return;
    await this.patch(id, { projectIds: [...user.projectIds, projectId] });
  }

  /** Throws `not-found`, or `conflict` when no admin would be left; the person's sessions end. */
  async remove(id: string): Promise<void> {
    await this.#tables.transaction().execute(async (transaction) => {
      const before = await existing(transaction, id);
      if (before.role === 'admin') await refuseLastAdmin(transaction);
      await transaction.deleteFrom('sessions').where('user_id', '=', id).execute();
      await transaction.deleteFrom('users').where('id', '=', id).execute();
    });
    this.#changes.emit({ kind: 'user', userId: id });
  }
}

async function existing(transaction: Transaction<Tables>, id: string): Promise<UserRow> {
  const row = await transaction.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new GatewayError('not-found', `there is no user ${id}`);
  return row;
}

async function refuseLastAdmin(transaction: Transaction<Tables>): Promise<void> {
  const admins = await transaction.selectFrom('users').select('id').where('role', '=', 'admin').execute();
  if (admins.length <= 1) {
    throw new GatewayError('conflict', 'this is the last admin: make another user admin first');
  }
}

/** Two names that look alike or differ in case only are the same name. */
function usernameKey(username: string): string {
  return username.trim().normalize('NFKC').toLowerCase();
}

function toRecord(row: UserRow): UserRecord {
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    role: row.role,
    projectIds: JSON.parse(row.project_ids) as string[],
    createdAtMs: row.created_at_ms,
  };
}
