import type { Clock } from '../../base/clock.ts';

/** Failures after which a key is blocked: an account from one address, an account from anywhere, an address. */
const LIMITS = { pair: 10, account: 60, address: 60 } as const;
const FIRST_BLOCK_MS = 30_000;
const LONGEST_BLOCK_MS = 15 * 60_000;
const FORGET_MS = 60 * 60_000;
/** Keys remembered; the oldest goes first, so that guessing cannot fill the memory. */
const MAX_KEYS = 20_000;

interface Count {
  failures: number;
  lastMs: number;
  blockedUntilMs: number;
}

/** Slows down the guessing of passwords, by account and by address; in memory, lives as long as the gateway. */
export class SignInThrottle {
  readonly #clock: Clock;
  readonly #counts = new Map<string, Count>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Seconds to wait, or null when a try may begin. A try counts as failed from its beginning, so that many at once are no
   * way around; `succeeded` takes it back.
   */
  begin(username: string, address: string): number | null {
    const now = this.#clock.monotonicMs();
    const keys = keysOf(username, address);
    const waitMs = Math.max(...keys.map(([key]) => (this.#count(key, now)?.blockedUntilMs ?? 0) - now));
    if (waitMs > 0) return Math.ceil(waitMs / 1000);
    for (const [key, limit] of keys) this.#addFailure(key, limit, now);
    return null;
  }

  /** The password was right: the account is open again for this address. */
  succeeded(username: string, address: string): void {
    for (const [key, limit] of keysOf(username, address)) {
      const count = this.#counts.get(key);
      if (!count) continue;
      count.failures -= 1;
      if (limit === LIMITS.pair || count.failures <= 0) this.#counts.delete(key);
      else if (count.failures < limit) count.blockedUntilMs = 0;
    }
  }

  #addFailure(key: string, limit: number, now: number): void {
    const count = this.#count(key, now) ?? { failures: 0, lastMs: now, blockedUntilMs: 0 };
    count.failures += 1;
    count.lastMs = now;
    if (count.failures >= limit) {
      count.blockedUntilMs =
        now + Math.min(LONGEST_BLOCK_MS, FIRST_BLOCK_MS * 2 ** Math.min(20, count.failures - limit));
    }
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size > MAX_KEYS) this.#forgetOldest();
  }

  #count(key: string, now: number): Count | undefined {
    const count = this.#counts.get(key);
    if (!count) return undefined;
    if (now - count.lastMs < FORGET_MS || count.blockedUntilMs > now) return count;
    this.#counts.delete(key);
    return undefined;
  }

  #forgetOldest(): void {
    const oldest = this.#counts.keys().next();
    if (!oldest.done) this.#counts.delete(oldest.value);
  }
}

function keysOf(username: string, address: string): [key: string, limit: number][] {
  const account = username.trim().normalize('NFKC').toLowerCase();
  return [
    [`pair ${account} ${address}`, LIMITS.pair],
    [`account ${account}`, LIMITS.account],
    [`address ${address}`, LIMITS.address],
  ];
}
