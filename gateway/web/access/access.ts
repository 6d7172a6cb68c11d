import type { Clock } from '../../base/clock.ts';
import type { Database } from '../../base/database.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Logger } from '../../base/logger.ts';
import type { AccessChange, AccessChanges } from './access-changes.ts';
import { ApiTokens } from './api-tokens.ts';
import type { AuditLog } from './audit-log.ts';
import { AuditSignIns } from './audit-sign-ins.ts';
import { Authenticator } from './authenticator.ts';
import type { Principal } from './principal.ts';
import { Sessions } from './sessions.ts';
import { SignIn } from './sign-in.ts';
import { SignInThrottle } from './sign-in-throttle.ts';
import { Users } from './users.ts';

/** Everything about who may enter, put together over one database; lives as long as the gateway. */
export class Access {
  readonly changes: AccessChanges;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly tokens: ApiTokens;
  readonly signIn: SignIn;
  readonly authenticator: Authenticator;
  readonly #signIns: AuditSignIns;

  constructor({
    clock,
    logger,
    database,
    audit,
  }: {
    clock: Clock;
    logger: Logger;
    database: Database;
    audit: Pick<AuditLog, 'record'>;
  }) {
    this.changes = new Emitter<AccessChange>((error) =>
      logger.error({ err: error }, 'a listener of access changes failed'),
    );
    const shared = { clock, database, changes: this.changes };
    this.users = new Users(shared);
    this.sessions = new Sessions(shared);
    this.tokens = new ApiTokens(shared);
    this.#signIns = new AuditSignIns({ audit, clock, logger });
    this.signIn = new SignIn({
      report: this.#signIns,
      users: this.users,
      throttle: new SignInThrottle(clock),
      openSession: (userId, caller) => this.sessions.open(userId, caller),
    });
    this.authenticator = new Authenticator({
      ...shared,
      users: this.users,
      sessions: this.sessions,
      tokens: this.tokens,
    });
  }

  start(): void {
    this.#signIns.start();
    this.authenticator.start();
  }

  stop(): void {
    this.#signIns.stop();
    this.authenticator.stop();
  }

  /** Lets the founder of a project see it. */
  async grantProject(principal: Principal, projectId: string): Promise<void> {
    if (principal.projectIds === null) return;
    if (principal.kind === 'user') await this.users.addProject(principal.id, projectId);
    else await this.tokens.addProject(principal.id, projectId);
  }
}
