import { createHash } from 'node:crypto';

/** A Digest challenge of WWW-Authenticate (RFC 7616 section 3.3) that this client can answer. */
export interface DigestChallenge {
  realm: string;
  nonce: string;
  opaque: string | null;
  algorithm: 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess';
  /** False for the old form without qop (RFC 2069). */
  qopAuth: boolean;
  stale: boolean;
}

/** What the WWW-Authenticate headers of a reply offer. */
export interface HttpChallenges {
  /** The first Digest challenge, in the server's order, that this client can answer. */
  digest: DigestChallenge | null;
  basic: boolean;
}

/** What one request is signed with; `nonceCount` grows by one each time a nonce is used again. */
export interface DigestRequest {
  method: string;
  /** Path and query, as in the request line. */
  uri: string;
  username: string;
  password: string;
  nonceCount: number;
  cnonce: string;
}

const ALGORITHMS = ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess'] as const;
const LONGEST_HEADER_CHARS = 8192;

/** Reads all WWW-Authenticate header values of a reply; unknown schemes and junk are left out. */
export function parseChallenges(header: string | readonly string[] | undefined): HttpChallenges {
  const text = (typeof header === 'string' ? header : (header ?? []).join(', ')).slice(
    0,
    LONGEST_HEADER_CHARS,
  );
  const found: HttpChallenges = { digest: null, basic: false };
  for (const { scheme, parameters } of splitChallenges(text)) {
    if (scheme === 'basic') found.basic = true;
    if (scheme === 'digest') found.digest ??= toDigest(parameters);
  }
  return found;
}

/** The Authorization header value that answers the challenge (RFC 7616 section 3.4). */
export function digestAuthorization(challenge: DigestChallenge, request: DigestRequest): string {
  const { realm, nonce, algorithm, qopAuth, opaque } = challenge;
  const { username, password, cnonce, uri } = request;
  const hash = (text: string): string =>
    createHash(algorithm.startsWith('MD5') ? 'md5' : 'sha256')
      .update(text, 'utf8')
      .digest('hex');
  const plain = hash(`${username}:${realm}:${password}`);
  const ha1 = algorithm.endsWith('-sess') ? hash(`${plain}:${nonce}:${cnonce}`) : plain;
  const ha2 = hash(`${request.method}:${uri}`);
  const nc = request.nonceCount.toString(16).padStart(8, '0');
  const response = qopAuth
    ? hash(`${ha1}:${nonce}:${nc}:${cnonce}:auth:${ha2}`)
    : hash(`${ha1}:${nonce}:${ha2}`);
  const fields = [
    `username=${quoted(username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `algorithm=${algorithm}`,
    `response="${response}"`,
  ];
  if (qopAuth) fields.push('qop=auth', `nc=${nc}`);
  if (qopAuth || algorithm.endsWith('-sess')) fields.push(`cnonce="${cnonce}"`);
  if (opaque !== null) fields.push(`opaque=${quoted(opaque)}`);
  return `Digest ${fields.join(', ')}`;
}

interface RawChallenge {
  scheme: string;
  parameters: Map<string, string>;
}

/** One token, then either `=value` (a parameter) or something else (the name of a scheme). */
const PIECE = /[\s,]*([!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]*)))?/y;

function splitChallenges(text: string): RawChallenge[] {
  const challenges: RawChallenge[] = [];
  PIECE.lastIndex = 0;
  for (let piece = PIECE.exec(text); piece; piece = PIECE.exec(text)) {
    const [, token = '', inQuotes, bare] = piece;
    const value = inQuotes === undefined ? bare : inQuotes.replaceAll(/\\(.)/g, '$1');
    if (value === undefined) challenges.push({ scheme: token.toLowerCase(), parameters: new Map() });
    else challenges.at(-1)?.parameters.set(token.toLowerCase(), value);
  }
  return challenges;
}

function toDigest(parameters: ReadonlyMap<string, string>): DigestChallenge | null {
  const nonce = parameters.get('nonce');
  const named = (parameters.get('algorithm') ?? 'MD5').toLowerCase();
  const algorithm = ALGORITHMS.find((known) => known.toLowerCase() === named);
  const qops = parameters
    .get('qop')
    ?.toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  if (!nonce || !algorithm || (qops && qops.length > 0 && !qops.includes('auth'))) return null;
  return {
    realm: parameters.get('realm') ?? '',
    nonce,
    opaque: parameters.get('opaque') ?? null,
    algorithm,
    qopAuth: qops?.includes('auth') ?? false,
    stale: parameters.get('stale')?.toLowerCase() === 'true',
  };
}

/** A quoted-string; line breaks could smuggle a header and are left out. */
function quoted(text: string): string {
  return `"${text.replaceAll(/[\r\n]/g, '').replaceAll(/["\\]/g, '\\$&')}"`;
}
