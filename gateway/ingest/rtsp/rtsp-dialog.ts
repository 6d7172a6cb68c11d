import { GatewayError } from '../../base/gateway-error.ts';
import type { RtspAuthorization, RtspCredentials } from './rtsp-authorization.ts';
import { parseChallenges } from './rtsp-challenge.ts';
import type { RtspLink } from './rtsp-link.ts';
import type { RtspResponse } from './rtsp-message.ts';
import { headerOf } from './rtsp-message.ts';

/** Without sign-in, with it, and once more when the nonce had run out. */
const MAX_ATTEMPTS = 3;

/** Requests on one link with the camera's sign-in answered; lives as long as the link. */
export class RtspDialog {
  readonly #link: RtspLink;
  readonly #credentials: RtspCredentials;
  readonly #authorization: RtspAuthorization;
  /** True once the camera took our answer to a challenge. */
  #signedIn = false;
  /** Value of the Session header to send, once the camera gave one. */
  sessionId: string | undefined;
  sessionTimeoutSec = 60;

  constructor(link: RtspLink, credentials: RtspCredentials, authorization: RtspAuthorization) {
    this.#link = link;
    this.#credentials = credentials;
    this.#authorization = authorization;
  }

  /** The reply, whatever its status but 401: a refused sign-in rejects with `camera-auth-failed`. */
  async send(method: string, uri: string, headers: Record<string, string> = {}): Promise<RtspResponse> {
    for (let attempt = 1; ; attempt += 1) {
      const sent = this.#authorization.header(method, uri);
      const reply = await this.#sendOnce(method, uri, headers, sent);
      if (reply.status !== 401) return this.#accepted(reply, sent);
      if (attempt === MAX_ATTEMPTS) throw this.#refused();
      this.#considerRefusal(reply, sent !== undefined, attempt);
    }
  }

  /** True when a sign-in was asked for and taken. */
  get signedIn(): boolean {
    return this.#signedIn;
  }

  #accepted(reply: RtspResponse, sent: string | undefined): RtspResponse {
    if (sent !== undefined && reply.status < 400) this.#signedIn = true;
    const session = headerOf(reply, 'session');
    if (session) this.#readSession(session);
    return reply;
  }

  /** Takes the new challenge, or throws when our answer to the last one was refused. */
  #considerRefusal(reply: RtspResponse, answered: boolean, attempt: number): void {
    const challenges = parseChallenges(reply.headers.get('www-authenticate') ?? []);
    const stale = challenges.some(({ parameters }) => parameters.get('stale')?.toLowerCase() === 'true');
    // A nonce that ran out without `stale` (Hikvision, some Uniview): it worked before, so try the new one once.
    const mayHaveRunOut = this.#signedIn && attempt === 1;
    if (answered && !stale && !mayHaveRunOut) throw this.#refused();
    const { username, password } = this.#credentials;
    if (username === '' && password === '') {
      throw new GatewayError(
        'camera-auth-failed',
        'the camera asks for a user name and password; none is set',
      );
    }
    if (!this.#authorization.accept(challenges)) {
      throw new GatewayError(
        'camera-protocol-error',
        'the camera asks for a sign-in of a kind that is not supported; allow Digest or Basic for RTSP on the camera',
      );
    }
  }

  #refused(): GatewayError {
    return new GatewayError(
      'camera-auth-failed',
      `the camera refused the password of user "${this.#credentials.username}"`,
    );
  }

  async #sendOnce(
    method: string,
    uri: string,
    headers: Record<string, string>,
    authorization: string | undefined,
  ): Promise<RtspResponse> {
    return this.#link.request(method, uri, {
      ...headers,
      ...(authorization === undefined ? {} : { Authorization: authorization }),
      ...(this.sessionId === undefined ? {} : { Session: this.sessionId }),
    });
  }

  #readSession(value: string): void {
    const [id = '', ...parameters] = value.split(';').map((part) => part.trim());
    if (id) this.sessionId = id;
    for (const parameter of parameters) {
      const seconds = Number(/^timeout\s*=\s*(\d+)/i.exec(parameter)?.[1] ?? 0);
      if (seconds > 0) this.sessionTimeoutSec = Math.min(seconds, 3600);
    }
  }
}
