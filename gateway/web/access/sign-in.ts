import { GatewayError } from '../../base/gateway-error.ts';
import type { User } from '../../contract/user.ts';
import { verifyPassword } from './password-hash.ts';
import type { SignInThrottle } from './sign-in-throttle.ts';
import type { UserRecord, Users } from './users.ts';

/** Who knocks: the address after trusted proxies, and the browser's name. */
export interface Caller {
  address: string;
  userAgent: string;
}

/** Who is told of sign-ins; resolves when it is written down. */
export interface SignInReport {
  succeeded(user: User, caller: Caller): Promise<void>;
  /** `user` is null where nobody has that name, or nobody looked. */
  refused(user: User | null, why: 'wrong-password' | 'throttled', caller: Caller): Promise<void>;
}

/** Opens sessions for those who know their password; tells nothing about which names exist. */
export class SignIn {
  readonly #users: Pick<Users, 'findForSignIn'>;
  readonly #throttle: SignInThrottle;
  readonly #openSession: (userId: string, caller: Caller) => Promise<string>;
  readonly #report: SignInReport;

  constructor(options: {
    report: SignInReport;
    users: Pick<Users, 'findForSignIn'>;
    throttle: SignInThrottle;
    openSession: (userId: string, caller: Caller) => Promise<string>;
  }) {
    this.#users = options.users;
    this.#throttle = options.throttle;
    this.#openSession = options.openSession;
    this.#report = options.report;
  }

  /** The person and the new cookie's value. Throws `bad-credentials` or `too-many-requests`. */
  async open(username: string, password: string, caller: Caller): Promise<{ user: User; secret: string }> {
    const retryAfterSec = this.#throttle.begin(username, caller.address);
    if (retryAfterSec !== null) {
      await this.#report.refused(null, 'throttled', caller);
      throw new GatewayError(
        'too-many-requests',
        `too many failed sign-ins: wait ${retryAfterSec} s and try again, or ask an admin for a new password`,
        { details: { retryAfterSec } },
      );
    }
    const found = await this.#users.findForSignIn(username);
    const right = await verifyPassword(found?.passwordHash ?? null, password);
    if (!found || !right) {
      await this.#report.refused(found?.user ?? null, 'wrong-password', caller);
      throw new GatewayError('bad-credentials', 'the user name or the password is wrong');
    }
    this.#throttle.succeeded(username, caller.address);
    const secret = await this.#openSession(found.user.id, caller);
    await this.#report.succeeded(found.user, caller);
    return { user: toUser(found.user), secret };
  }
}

/** The wire form of a person. */
export function toUser({ id, username, displayName, role, projectIds }: UserRecord): User {
  return { id, username, displayName, role, projectIds };
}
