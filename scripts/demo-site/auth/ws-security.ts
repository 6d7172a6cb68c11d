import { createHash, timingSafeEqual } from 'node:crypto';
import type { Account, AuthOutcome } from './http-digest.ts';

/** A UsernameToken as it stands in a SOAP header (WSS UsernameToken Profile 1.0). */
export interface UsernameToken {
  username: string;
  password: string;
  /** The `Type` attribute of Password. */
  passwordType: string;
  /** Base64. */
  nonce: string;
  created: string;
}

const windowMs = 300_000;
const keptNonces = 2048;

/** PasswordDigest: Base64(SHA-1(nonce + created + password)). */
export function passwordDigest(nonceBase64: string, created: string, password: string): string {
  return createHash('sha1')
    .update(Buffer.concat([Buffer.from(nonceBase64, 'base64'), Buffer.from(created), Buffer.from(password)]))
    .digest('base64');
}

/** WS-Security for one device: digests only, made within five minutes of its clock, each nonce once. */
export class WsSecurityGate {
  private readonly seen = new Set<string>();

  check(token: UsernameToken | undefined, account: Account, clockMs: number): AuthOutcome {
    if (token === undefined) return 'missing';
    if (!token.passwordType.endsWith('#PasswordDigest') || token.username !== account.username)
      return 'wrong';
    const createdMs = Date.parse(token.created);
    if (!(Math.abs(createdMs - clockMs) <= windowMs)) return 'stale';
    const expected = Buffer.from(passwordDigest(token.nonce, token.created, account.password));
    const given = Buffer.from(token.password);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return 'wrong';
    const used = `${token.nonce} ${token.created}`;
    if (this.seen.has(used)) return 'stale';
    this.seen.add(used);
    if (this.seen.size > keptNonces) this.seen.delete(this.seen.values().next().value!);
    return 'ok';
  }
}
