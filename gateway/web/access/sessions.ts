import type { Clock } from '../../base/clock.ts';
import type { Database } from '../../base/database.ts';
import type { AccessChanges } from './access-changes.ts';
import { hashSecret, newSecret } from './secret-token.ts';

const DAY_MS = 86_400_000;
/** A session ends this long after its last use … */
const IDLE_MS = 30 * DAY_MS;
/** … and this long after sign-in whatever its use. */
const LONGEST_MS = 180 * DAY_MS;
/** Use is written down at most this often: live pictures ask several times a second. */
const SEEN_STEP_MS = 3_600_000;

interface SessionRow {
  id: string;
  user_id: string;
  created_at_ms: number;
  seen_at_ms: number;
  expires_at_ms: number;
  address: string;
  user_agent: string;
}

/** A session that holds now. */
export interface Session {
  /** SHA-256 of the cookie's value. */
  id: string;
  userId: string;
  expiresAtMs: number;
}

/** Sign-ins by cookie, kept by the hash of their secret; lives as long as the gateway. */
export class Sessions {
  readonly #tables;
  readonly #clock: Clock;
  readonly #changes: AccessChanges;

  constructor(options: { database: Database; clock: Clock; changes: AccessChanges }) {
    this.#tables = options.database.withTables<{ sessions: SessionRow }>();
    this.#clock = options.clock;
    this.#changes = options.changes;
  }

  /** Opens a session and returns the cookie's value, which is known nowhere else; sessions that ended are cleared away. */
  async open(userId: string, from: { address: string; userAgent: string }): Promise<string> {
    const secret = newSecret();
    const now = this.#clock.now();
    await this.#tables.deleteFrom('sessions').where('expires_at_ms', '<=', now).execute();
    await this.#tables
      .insertInto('sessions')
      .values({
        id: hashSecret(secret),
        user_id: userId,
        created_at_ms: now,
        seen_at_ms: now,
        expires_at_ms: now + IDLE_MS,
        address: from.address.slice(0, 64),
        user_agent: from.userAgent.slice(0, 200),
      })
      .execute();
    return secret;
  }

  /** The session of a cookie's value, its end moved on by use; undefined when there is none or it has ended. */
  async find(id: string): Promise<Session | undefined> {
    const row = await this.#tables.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst();
    const now = this.#clock.now();
    if (!row || row.expires_at_ms <= now) return undefined;
    if (now - row.seen_at_ms < SEEN_STEP_MS)
      return { id, userId: row.user_id, expiresAtMs: row.expires_at_ms };
    const expiresAtMs = Math.min(now + IDLE_MS, row.created_at_ms + LONGEST_MS);
    await this.#tables
      .updateTable('sessions')
      .set({ seen_at_ms: now, expires_at_ms: expiresAtMs })
      .where('id', '=', id)
      .execute();
    return { id, userId: row.user_id, expiresAtMs };
  }

  /** Ends one session; its open sockets are closed. */
  async close(id: string): Promise<void> {
    await this.#tables.deleteFrom('sessions').where('id', '=', id).execute();
    this.#changes.emit({ kind: 'session', sessionId: id });
  }
}
