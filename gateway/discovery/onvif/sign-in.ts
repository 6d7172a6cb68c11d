import { randomBytes } from 'node:crypto';
import type { Credentials } from '../../contract/discovery.ts';
import { digestAuthorization } from './http-digest.ts';
import type { DigestChallenge } from './http-digest.ts';
import { securityHeader } from './ws-security.ts';

/** How a device wants to be signed in to; learnt from its refusal of a request without credentials. */
export interface SignInScheme {
  digest: DigestChallenge | null;
  wsSecurity: boolean;
  basic: boolean;
}

/** Signs the requests of one reading in the scheme that the device asked for. */
export class SignIn {
  readonly scheme: SignInScheme;
  readonly #credentials: Credentials;
  #nonceCount = 0;

  constructor(scheme: SignInScheme, credentials: Credentials) {
    this.scheme = scheme;
    this.#credentials = credentials;
  }

  /** The same sign-in with WS-Security as well; a nonce that was used goes on being counted. */
  withWsSecurity(): SignIn {
    const both = new SignIn({ ...this.scheme, wsSecurity: true }, this.#credentials);
    both.#nonceCount = this.#nonceCount;
    return both;
  }

  /** The Authorization header for this request; undefined when the scheme has none. */
  authorization(method: string, url: string): string | undefined {
    const { username, password } = this.#credentials;
    const { digest, basic } = this.scheme;
    if (digest) {
      const { pathname, search } = new URL(url);
      this.#nonceCount += 1;
      const cnonce = randomBytes(8).toString('hex');
      const uri = pathname + search;
      return digestAuthorization(digest, {
        method,
        uri,
        username,
        password,
        nonceCount: this.#nonceCount,
        cnonce,
      });
    }
    return basic ? `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` : undefined;
  }

  /** The WS-Security header for a message made now by the camera's clock; empty when the scheme has none. */
  soapHeader(cameraTimeMs: number): string {
    if (!this.scheme.wsSecurity) return '';
    return securityHeader({ ...this.#credentials, createdMs: cameraTimeMs, nonce: randomBytes(16) });
  }
}
