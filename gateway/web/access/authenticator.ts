import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../base/clock.ts';
import type { Unsubscribe } from '../../base/emitter.ts';
import { concerns } from './access-changes.ts';
import type { AccessChanges } from './access-changes.ts';
import type { ApiTokenRecord, ApiTokens } from './api-tokens.ts';
import { visibleProjects } from './principal.ts';
import type { Principal } from './principal.ts';
import { hashSecret } from './secret-token.ts';
import { readSessionCookie } from './session-cookie.ts';
import type { Session, Sessions } from './sessions.ts';
import { toUser } from './sign-in.ts';
import type { UserRecord, Users } from './users.ts';

/** Live pictures ask many times a second: an answer of the database holds this long, or until rights change. */
const CACHE_MS = 10_000;
const MAX_CACHED = 10_000;

interface Cached {
  principal: Principal;
  untilMs: number;
}

/** How a request says who makes it. */
export interface Authenticated {
  principal: Principal;
  /** `cookie` needs the guard against forged requests; `bearer` does not. */
  by: 'cookie' | 'bearer';
}

/** Finds who makes a request, from its Authorization header or its cookie; lives as long as the gateway. */
export class Authenticator {
  readonly #clock: Clock;
  readonly #users: Pick<Users, 'get'>;
  readonly #sessions: Pick<Sessions, 'find'>;
  readonly #tokens: Pick<ApiTokens, 'find'>;
  readonly #changes: AccessChanges;
  readonly #cache = new Map<string, Cached>();
  #changesSeen = 0;
  #unsubscribe: Unsubscribe | undefined;

  constructor(options: {
    clock: Clock;
    users: Pick<Users, 'get'>;
    sessions: Pick<Sessions, 'find'>;
    tokens: Pick<ApiTokens, 'find'>;
    changes: AccessChanges;
  }) {
    this.#clock = options.clock;
    this.#users = options.users;
    this.#sessions = options.sessions;
    this.#tokens = options.tokens;
    this.#changes = options.changes;
  }

  start(): void {
    this.#unsubscribe = this.#changes.subscribe((change) => {
      this.#changesSeen += 1;
      for (const [key, { principal }] of this.#cache) {
        if (concerns(change, principal)) this.#cache.delete(key);
      }
    });
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#cache.clear();
  }

  /** Null when nothing valid came; a bad Authorization header is not made good by a cookie. */
  async authenticate(headers: IncomingHttpHeaders): Promise<Authenticated | null> {
    if (headers.authorization !== undefined) {
      const secret = /^Bearer +([\w-]{1,200})$/i.exec(headers.authorization)?.[1];
      const principal = secret === undefined ? null : await this.#recall(`bearer ${hashSecret(secret)}`);
      return principal && { principal, by: 'bearer' };
    }
    const secret = readSessionCookie(headers.cookie);
    const principal = secret === undefined ? null : await this.#recall(`cookie ${hashSecret(secret)}`);
    return principal && { principal, by: 'cookie' };
  }

  async #recall(key: string): Promise<Principal | null> {
    const cached = this.#cache.get(key);
    if (cached && cached.untilMs > this.#clock.monotonicMs() && !hasEnded(cached.principal, this.#clock))
      return cached.principal;
    const changesSeen = this.#changesSeen;
    const hash = key.slice('cookie '.length);
    const principal = key.startsWith('bearer ') ? await this.#byToken(hash) : await this.#bySession(hash);
    this.#cache.delete(key);
    // What was read may be older than a change that came meanwhile.
    if (principal && changesSeen === this.#changesSeen) this.#keep(key, principal);
    return principal;
  }

  #keep(key: string, principal: Principal): void {
    this.#cache.set(key, { principal, untilMs: this.#clock.monotonicMs() + CACHE_MS });
    if (this.#cache.size <= MAX_CACHED) return;
    const oldest = this.#cache.keys().next();
    if (!oldest.done) this.#cache.delete(oldest.value);
  }

  async #bySession(id: string): Promise<Principal | null> {
    const session = await this.#sessions.find(id);
    const user = session && (await this.#users.get(session.userId));
    return user ? userPrincipal(user, session) : null;
  }

  async #byToken(hash: string): Promise<Principal | null> {
    const token = await this.#tokens.find(hash);
    return token ? tokenPrincipal(token) : null;
  }
}

/** True when the principal's session or token is past its end. */
export function hasEnded(principal: Principal, clock: Clock): boolean {
  return principal.expiresAtMs !== null && principal.expiresAtMs <= clock.now();
}

function userPrincipal(user: UserRecord, session: Session): Principal {
  return {
    kind: 'user',
    id: user.id,
    sessionId: session.id,
    role: user.role,
    projectIds: visibleProjects(user.role, user.projectIds),
    user: toUser(user),
    expiresAtMs: session.expiresAtMs,
  };
}

function tokenPrincipal({ id, name, role, projectIds, expiresAtMs }: ApiTokenRecord): Principal {
  return {
    kind: 'token',
    id,
    sessionId: null,
    role,
    projectIds: visibleProjects(role, projectIds),
    user: { id, username: name, displayName: name, role, projectIds },
    expiresAtMs,
  };
}
