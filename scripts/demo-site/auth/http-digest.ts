import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Digest hash functions we offer (RFC 7616 3.3). */
export type DigestAlgorithm = 'MD5' | 'SHA-256';

/** Outcome of a check of an Authorization header. */
export type AuthOutcome = 'ok' | 'missing' | 'stale' | 'wrong';

/** Who may come in. */
export interface Account {
  username: string;
  password: string;
}

const nonceLifeMs = 300_000;

/** Reads the parameters of a Digest header (RFC 7616 3.4); names in lower case. */
export function digestParameters(header: string): Map<string, string> {
  const out = new Map<string, string>();
  const body = header.replace(/^\s*digest\s+/i, '').slice(0, 4096);
  for (const match of body.matchAll(/([a-z-]{1,32})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi)) {
    const [, name, quoted, bare] = match;
    if (name !== undefined) out.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '');
  }
  return out;
}

const hashOf = (algorithm: DigestAlgorithm, text: string): string =>
  createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
    .update(text)
    .digest('hex');

const equal = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** The `response` value for the given parameters (RFC 7616 3.4.1; without qop RFC 2069). */
export function digestResponse(
  parameters: Map<string, string>,
  algorithm: DigestAlgorithm,
  account: Account,
  method: string,
): string {
  const of = (name: string): string => parameters.get(name) ?? '';
  const ha1 = hashOf(algorithm, `${account.username}:${of('realm')}:${account.password}`);
  const ha2 = hashOf(algorithm, `${method}:${of('uri')}`);
  if (of('qop') === '') return hashOf(algorithm, `${ha1}:${of('nonce')}:${ha2}`);
  return hashOf(algorithm, `${ha1}:${of('nonce')}:${of('nc')}:${of('cnonce')}:${of('qop')}:${ha2}`);
}

/** Digest for one server: gives out nonces, forgets them after five minutes, refuses a repeated count. */
export class DigestGate {
  private readonly realm: string;
  private readonly algorithms: readonly DigestAlgorithm[];
  private readonly qop: boolean;
  private readonly nonces = new Map<string, { bornMs: number; lastCount: number }>();

  /** `qop` false: the older form that many cameras' RTSP servers use. */
  constructor(realm: string, algorithms: readonly DigestAlgorithm[], qop: boolean) {
    this.realm = realm;
    this.algorithms = algorithms;
    this.qop = qop;
  }

  /** WWW-Authenticate values, one for each algorithm, strongest first. */
  challenges(stale = false): string[] {
    const nowMs = Date.now();
    for (const [nonce, { bornMs }] of this.nonces)
      if (nowMs - bornMs > nonceLifeMs) this.nonces.delete(nonce);
    const nonce = randomBytes(16).toString('hex');
    this.nonces.set(nonce, { bornMs: nowMs, lastCount: 0 });
    if (this.nonces.size > 4096) this.nonces.delete(this.nonces.keys().next().value!);
    const ending = `${this.qop ? ', qop="auth"' : ''}${stale ? ', stale=true' : ''}`;
    return this.algorithms.map((algorithm) => {
      const named = algorithm === 'MD5' && !this.qop ? '' : `, algorithm=${algorithm}`;
      return `Digest realm="${this.realm}", nonce="${nonce}"${named}${ending}`;
    });
  }

  /** Checks an Authorization header; `uri` is not compared, since cameras are lax there. */
  check(header: string | undefined, method: string, account: Account): AuthOutcome {
    if (header === undefined || !/^\s*digest\s/i.test(header)) return 'missing';
    const parameters = digestParameters(header);
    const named = (parameters.get('algorithm') ?? 'MD5').toUpperCase();
    const algorithm = this.algorithms.find((known) => known === named);
    if (algorithm === undefined || parameters.get('username') !== account.username) return 'wrong';
    const qop = parameters.get('qop');
    if (qop !== undefined && qop !== 'auth') return 'wrong';
    const expected = digestResponse(parameters, algorithm, account, method);
    if (!equal(expected, (parameters.get('response') ?? '').toLowerCase())) return 'wrong';
    return this.useNonce(parameters.get('nonce') ?? '', qop === undefined ? undefined : parameters.get('nc'));
  }

  private useNonce(name: string, countHex: string | undefined): AuthOutcome {
    const nonce = this.nonces.get(name);
    if (nonce === undefined || Date.now() - nonce.bornMs > nonceLifeMs) return 'stale';
    if (countHex === undefined) return 'ok';
    const count = Number.parseInt(countHex, 16);
    if (!(count > nonce.lastCount)) return 'stale';
    nonce.lastCount = count;
    return 'ok';
  }
}

/** Checks a Basic header (RFC 7617). */
export function checkBasic(header: string | undefined, account: Account): AuthOutcome {
  const encoded = /^\s*basic\s+([A-Za-z0-9+/=]+)/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return 'missing';
  const given = Buffer.from(encoded, 'base64').toString('utf8');
  return equal(given, `${account.username}:${account.password}`) ? 'ok' : 'wrong';
}
