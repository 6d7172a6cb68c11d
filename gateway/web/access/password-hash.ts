import { hash, verify } from '@node-rs/argon2';
import { GatewayError } from '../../base/gateway-error.ts';

/** OWASP's figures for argon2id: 19 MiB, 2 passes, 1 lane. The package's default algorithm is argon2id. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** argon2 works on libuv's four threads: two are left to files and names. */
const MAX_AT_ONCE = 2;
const MAX_WAITING = 64;

/** Hash of a password that was thrown away, checked in place of a user's that does not exist: both take the same time. */
const NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$6Lig3Zz9658eAPeQT8p0uw$o8h3caNPI741jRSBC+1tu7ei2Rmw9DC/MD8Er1bun+s';

// One queue for the process, as libuv's threads are one set for the process.
let running = 0;
const waiting: (() => void)[] = [];

/** The argon2id hash of a password, in PHC form. Throws `too-many-requests` when too many wait. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password.normalize('NFKC'), COST));
}

/** True when the password is the hash's; null as hash does the same work and is never true. Throws `too-many-requests`. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  const same = await inTurn(() => verify(passwordHash ?? NOBODY, password.normalize('NFKC')));
  return same && passwordHash !== null;
}

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= MAX_AT_ONCE) {
    if (waiting.length >= MAX_WAITING) {
      throw new GatewayError('too-many-requests', 'too many sign-ins at once: try again in a moment', {
        details: { retryAfterSec: 2 },
      });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running += 1;
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
