import { createHash, randomBytes } from 'node:crypto';
import type { RtspChallenge } from './rtsp-challenge.ts';

/** Name and password for one camera. */
export interface RtspCredentials {
  username: string;
  password: string;
}

const HASHES: Readonly<Record<string, { hash: string; strength: number }>> = {
  'sha-256': { hash: 'sha256', strength: 4 },
  'sha-512-256': { hash: 'sha512-256', strength: 3 },
  md5: { hash: 'md5', strength: 2 },
};
const BASIC_STRENGTH = 1;

/** Answers the challenges of one connection (RFC 7616, RFC 2069 without qop, RFC 7617): strongest first, Basic last. */
export class RtspAuthorization {
  readonly #credentials: RtspCredentials;
  readonly #clientNonce: () => string;
  readonly #allowBasic: boolean;
  #challenge: RtspChallenge | undefined;
  #nonceCount = 0;

  /** Without `allowBasic` the password never leaves in the clear. */
  constructor(
    credentials: RtspCredentials,
    { clientNonce = () => randomBytes(8).toString('hex'), allowBasic = true } = {},
  ) {
    this.#credentials = credentials;
    this.#clientNonce = clientNonce;
    this.#allowBasic = allowBasic;
  }

  /** True once a challenge was taken, and requests bear the answer to it. */
  get answers(): boolean {
    return this.#challenge !== undefined;
  }

  /** Takes the strongest challenge that can be answered; false when there is none. */
  accept(challenges: readonly RtspChallenge[]): boolean {
    const [best] = challenges
      .filter((challenge) => strengthOf(challenge) > (this.#allowBasic ? 0 : BASIC_STRENGTH))
      .sort((a, b) => strengthOf(b) - strengthOf(a));
    if (!best) return false;
    if (best.parameters.get('nonce') !== this.#challenge?.parameters.get('nonce')) this.#nonceCount = 0;
    this.#challenge = best;
    return true;
  }

  /** Value of the Authorization header, or undefined before a challenge came. */
  header(method: string, uri: string): string | undefined {
    if (!this.#challenge) return undefined;
    const { username, password } = this.#credentials;
    if (this.#challenge.scheme === 'basic') {
      return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
    }
    this.#nonceCount += 1;
    return digestHeader(this.#challenge.parameters, {
      username,
      password,
      method,
      uri,
      nonceCount: this.#nonceCount,
      clientNonce: this.#clientNonce(),
    });
  }
}

function strengthOf(challenge: RtspChallenge): number {
  if (challenge.scheme === 'basic') return BASIC_STRENGTH;
  if (challenge.scheme !== 'digest') return 0;
  return HASHES[algorithmOf(challenge.parameters).name]?.strength ?? 0;
}

function algorithmOf(parameters: ReadonlyMap<string, string>): { name: string; session: boolean } {
  const given = (parameters.get('algorithm') || 'MD5').toLowerCase();
  return { name: given.replace(/-sess$/, ''), session: given.endsWith('-sess') };
}

interface DigestInput extends RtspCredentials {
  method: string;
  uri: string;
  nonceCount: number;
  clientNonce: string;
}

function digestHeader(parameters: ReadonlyMap<string, string>, input: DigestInput): string {
  const { name, session } = algorithmOf(parameters);
  const hash = (text: string): string =>
    createHash(HASHES[name]?.hash ?? 'md5')
      .update(text, 'utf8')
      .digest('hex');
  const realm = parameters.get('realm') ?? '';
  const nonce = parameters.get('nonce') ?? '';
  const qop = pickQop(parameters.get('qop'));
  const count = input.nonceCount.toString(16).padStart(8, '0');
  const secret = hash(`${input.username}:${realm}:${input.password}`);
  const ha1 = session ? hash(`${secret}:${nonce}:${input.clientNonce}`) : secret;
  const ha2 = hash(`${input.method}:${input.uri}${qop === 'auth-int' ? `:${hash('')}` : ''}`);
  const response = qop
    ? hash(`${ha1}:${nonce}:${count}:${input.clientNonce}:${qop}:${ha2}`)
    : hash(`${ha1}:${nonce}:${ha2}`);
  const fields = [
    `username=${quoted(input.username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(input.uri)}`,
    `response="${response}"`,
  ];
  const algorithm = parameters.get('algorithm');
  if (algorithm) fields.push(`algorithm=${algorithm.replace(/[^A-Za-z0-9-]/g, '')}`);
  const opaque = parameters.get('opaque');
  if (opaque !== undefined) fields.push(`opaque=${quoted(opaque)}`);
  if (qop) fields.push(`qop=${qop}`, `nc=${count}`);
  if (qop || session) fields.push(`cnonce="${input.clientNonce}"`);
  return `Digest ${fields.join(', ')}`;
}

function pickQop(offered: string | undefined): 'auth' | 'auth-int' | undefined {
  const options = (offered ?? '')
    .toLowerCase()
    .split(/[,\s]+/)
    .filter(Boolean);
  if (options.includes('auth')) return 'auth';
  return options.includes('auth-int') ? 'auth-int' : undefined;
}

function quoted(text: string): string {
  return `"${text.replace(/[\r\n]/g, '').replace(/(["\\])/g, '\\$1')}"`;
}
