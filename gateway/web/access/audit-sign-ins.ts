import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/gateway-error.ts';
import type { Logger } from '../../base/logger.ts';
import type { User } from '../../contract/user.ts';
import type { AuditLog } from './audit-log.ts';
import type { Caller } from './sign-in.ts';

/** Refusals of one kind from one address that are told apart; the rest of a period is one entry with their number. */
const PERIOD_MS = 60_000;
const MOST_ADDRESSES = 2000;

/** Writes down sign-ins: each that succeeds, and refusals so that a flood of guesses cannot fill the disk; one for each gateway. */
export class AuditSignIns {
  readonly #audit: Pick<AuditLog, 'record'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #counts = new Map<string, { told: number; silent: number }>();
  #cancel: (() => void) | undefined;

  constructor(options: { audit: Pick<AuditLog, 'record'>; clock: Clock; logger: Logger }) {
    this.#audit = options.audit;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  start(): void {
    this.#cancel = this.#clock.every(PERIOD_MS, () => this.#flush());
  }

  stop(): void {
    this.#cancel?.();
    this.#flush();
  }

  /** Resolves when it is on disk. */
  async succeeded({ id, username }: User, { address, userAgent }: Caller): Promise<void> {
    await this.#audit.record({
      actor: { kind: 'user', id, name: username },
      action: 'session.signed-in',
      address,
      detail: { userAgent: userAgent.slice(0, 200) },
    });
  }

  /**
   * `user` is null where nobody has that name: what was typed is not kept, for it may be a password. The first ten of an
   * address in a minute are entries of their own.
   */
  async refused(user: User | null, why: 'wrong-password' | 'throttled', { address }: Caller): Promise<void> {
    const key = `${why} ${address}`;
    const count = this.#counts.get(key) ?? { told: 0, silent: 0 };
    if (!this.#counts.has(key) && this.#counts.size >= MOST_ADDRESSES) this.#flush();
    this.#counts.set(key, count);
    if (count.told >= (why === 'throttled' ? 1 : 10)) {
      count.silent += 1;
      return;
    }
    count.told += 1;
    await this.#audit.record({
      actor: user
        ? { kind: 'user', id: user.id, name: user.username }
        : { kind: 'system', id: null, name: 'unknown' },
      action: why === 'throttled' ? 'session.throttled' : 'session.refused',
      address,
    });
  }

  #flush(): void {
    for (const [key, { silent }] of this.#counts) {
      if (silent === 0) continue;
      const [why = '', address = ''] = key.split(' ');
      const action = why === 'throttled' ? 'session.throttled' : 'session.refused';
      const actor = { kind: 'system', id: null, name: 'unknown' } as const;
      this.#audit.record({ actor, action, address, detail: { times: silent } }).catch((error: unknown) => {
        this.#logger.error({ err: error }, `refused sign-ins could not be written down: ${messageOf(error)}`);
      });
    }
    this.#counts.clear();
  }
}
