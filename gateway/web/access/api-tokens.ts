import type { Clock } from '../../base/clock.ts';
import { toRfc3339 } from '../../base/clock.ts';
import type { Database } from '../../base/database.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import { newId } from '../../base/new-id.ts';
import type { ApiToken, ApiTokenCreate, Role } from '../../contract/user.ts';
import type { AccessChanges } from './access-changes.ts';
import { hashSecret, newSecret } from './secret-token.ts';

/** Begins every API token, so that scanners of code and logs know one when they see it. */
export const TOKEN_PREFIX = 'gtk_';
const USED_STEP_MS = 60_000;

interface TokenRow {
  id: string;
  secret_hash: string;
  name: string;
  role: Role;
  project_ids: string;
  created_at_ms: number;
  expires_at_ms: number | null;
  last_used_at_ms: number | null;
}

/** A token as stored, without its secret. */
export interface ApiTokenRecord {
  id: string;
  name: string;
  role: Role;
  projectIds: string[];
  createdAtMs: number;
  expiresAtMs: number | null;
  lastUsedAtMs: number | null;
}

/** Bearer tokens of programs, kept by the hash of their secret; lives as long as the gateway. */
export class ApiTokens {
  readonly #tables;
  readonly #clock: Clock;
  readonly #changes: AccessChanges;

  constructor(options: { database: Database; clock: Clock; changes: AccessChanges }) {
    this.#tables = options.database.withTables<{ api_tokens: TokenRow }>();
    this.#clock = options.clock;
    this.#changes = options.changes;
  }

  /** All, in the order of creation. */
  async all(): Promise<ApiTokenRecord[]> {
    const rows = await this.#tables
      .selectFrom('api_tokens')
      .selectAll()
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute();
    return rows.map(toRecord);
  }

  /** A new token with its secret, which is known nowhere afterwards. Throws `bad-request` for an end in the past. */
  async create(body: ApiTokenCreate): Promise<{ token: ApiTokenRecord; secret: string }> {
    const now = this.#clock.now();
    const expiresAtMs = body.expiresAt === null ? null : Date.parse(body.expiresAt);
    if (expiresAtMs !== null && expiresAtMs <= now)
      throw new GatewayError('bad-request', 'expiresAt: give a time in the future, or null');
    const secret = newSecret(TOKEN_PREFIX);
    const row: TokenRow = {
      id: newId('tok'),
      secret_hash: hashSecret(secret),
      name: body.name,
      role: body.role,
      project_ids: JSON.stringify(body.projectIds),
      created_at_ms: now,
      expires_at_ms: expiresAtMs,
      last_used_at_ms: null,
    };
    await this.#tables.insertInto('api_tokens').values(row).execute();
    return { token: toRecord(row), secret };
  }

  /** The token of a secret's hash, its use noted; undefined when there is none or it has ended. */
  async find(secretHash: string): Promise<ApiTokenRecord | undefined> {
    const row = await this.#tables
      .selectFrom('api_tokens')
      .selectAll()
      .where('secret_hash', '=', secretHash)
      .executeTakeFirst();
    const now = this.#clock.now();
    if (!row || (row.expires_at_ms !== null && row.expires_at_ms <= now)) return undefined;
    if (row.last_used_at_ms === null || now - row.last_used_at_ms >= USED_STEP_MS) {
      await this.#tables
        .updateTable('api_tokens')
        .set({ last_used_at_ms: now })
        .where('id', '=', row.id)
        .execute();
    }
    return toRecord(row);
  }

  async get(id: string): Promise<ApiTokenRecord | undefined> {
    const row = await this.#tables
      .selectFrom('api_tokens')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row && toRecord(row);
  }

  /** Lets the token see one more project, as its founder must. */
  async addProject(id: string, projectId: string): Promise<void> {
    const token = (await this.all()).find((candidate) => candidate.id === id);
    if (!token || token.projectIds.includes(projectId)) return;
    await this.#tables
      .updateTable('api_tokens')
      .set({ project_ids: JSON.stringify([...token.projectIds, projectId]) })
      .where('id', '=', id)
      .execute();
    this.#changes.emit({ kind: 'token', tokenId: id });
  }

  /** Ends a token; its open sockets are closed. Throws `not-found`. */
  async remove(id: string): Promise<void> {
    const { numDeletedRows } = await this.#tables
      .deleteFrom('api_tokens')
      .where('id', '=', id)
      .executeTakeFirst();
    if (numDeletedRows === 0n) throw new GatewayError('not-found', `there is no token ${id}`);
    this.#changes.emit({ kind: 'token', tokenId: id });
  }
}

/** The wire form of a token. */
export function toApiToken(record: ApiTokenRecord): ApiToken {
  const { createdAtMs, expiresAtMs, lastUsedAtMs, ...token } = record;
  return {
    ...token,
    createdAt: toRfc3339(createdAtMs),
    expiresAt: expiresAtMs === null ? null : toRfc3339(expiresAtMs),
    lastUsedAt: lastUsedAtMs === null ? null : toRfc3339(lastUsedAtMs),
  };
}

function toRecord(row: TokenRow): ApiTokenRecord {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    projectIds: JSON.parse(row.project_ids) as string[],
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    lastUsedAtMs: row.last_used_at_ms,
  };
}
