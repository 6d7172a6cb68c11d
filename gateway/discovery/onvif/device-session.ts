import type { Clock } from '../../base/clock.ts';
import type { Credentials } from '../../contract/discovery.ts';
import type { OnvifFailure } from '../onvif-reading.ts';
import { isLocked, isNotAuthorized, isVersionMismatch, soapEnvelope } from '../soap/soap-envelope.ts';
import type { SoapVersion } from '../soap/soap-envelope.ts';
import type { XmlNode } from '../soap/xml-node.ts';
import { parseChallenges } from './http-digest.ts';
import type { OnvifMessage } from './onvif-messages.ts';
import { redirectOf } from './redirect-of.ts';
import type { RefusedTries } from './refused-tries.ts';
import { SignIn } from './sign-in.ts';
import { readSoapReply } from './soap-reply.ts';
import type { SoapReply } from './soap-reply.ts';
import type { HttpReply, SoapTransport } from './soap-transport.ts';

/** Why a call has no answer. `not-supported`: the device understood and will not, which need not end a reading. */
export type CallFailure =
  | 'unreachable'
  | 'not-onvif'
  | 'protocol-error'
  | 'auth-required'
  | 'auth-failed'
  | 'auth-paused'
  | 'certificate-changed'
  | 'not-supported';

export type CallResult = { ok: true; body: XmlNode } | { ok: false; failure: CallFailure; message: string };

interface DeviceSessionOptions {
  clock: Clock;
  transport: SoapTransport;
  credentials: Credentials | null;
  refusedTries: RefusedTries;
  /** Names under which refused tries are remembered. */
  countedAs: readonly string[];
  /** What an earlier session with the same credentials learnt. */
  memory?: SessionMemory | undefined;
}

/** What a session learnt of how its device is signed in to; good for a later session with the same credentials. */
export interface SessionMemory {
  signIn: SignIn | null;
  driftMs: number | null;
}

interface Exchange {
  http: Extract<HttpReply, { ok: true }>;
  soap: SoapReply;
}

const LARGEST_REPLY_BYTES = 1_048_576;

/**
 * The calls of one reading of a device. Asks without credentials first and signs in only in the way the refusal offers,
 * so that a wrong password costs one refused request; signs all later requests once a device wanted it.
 */
export class DeviceSession {
  readonly #options: DeviceSessionOptions;
  #signIn: SignIn | null = null;
  /** True once a signed request was accepted: a later refusal is about rights, not about the password. */
  #proven = false;
  /** True while the sign-in is an earlier session's and has not been accepted in this one. */
  #fromMemory = false;
  #driftMs: number | null = null;
  #version: SoapVersion = '1.2';
  #movedTo: string | null = null;
  /** Set once the device refused the password: nothing more is sent. */
  #refused: CallResult | null = null;

  constructor(options: DeviceSessionOptions) {
    this.#options = options;
    this.#signIn = options.memory?.signIn ?? null;
    this.#fromMemory = this.#signIn !== null;
    this.#driftMs = options.memory?.driftMs ?? null;
  }

  get memory(): SessionMemory {
    return { signIn: this.#proven ? this.#signIn : null, driftMs: this.#driftMs };
  }

  get certificateSha256(): string | null {
    return this.#options.transport.certificateSha256;
  }

  /** Where the device sent its caller, on its own host; null when it did not. */
  get movedTo(): string | null {
    return this.#movedTo;
  }

  /** Camera time minus gateway time, for the Created of WS-Security. */
  setDrift(driftMs: number): void {
    this.#driftMs = driftMs;
  }

  /** Asks one thing of the service at `url`. */
  async call(url: string, message: OnvifMessage): Promise<CallResult> {
    if (this.#refused) return this.#refused;
    let refreshed = false;
    for (;;) {
      const exchange = await this.#send(url, message);
      if ('ok' in exchange) return exchange;
      this.#movedTo ??= redirectOf(exchange.http, url);
      if (this.#version === '1.2' && knowsOldSoapOnly(exchange)) {
        this.#version = '1.1';
        continue;
      }
      if (!isRefusal(exchange)) {
        if (this.#signIn) this.#proven = true;
        this.#fromMemory = false;
        return resultOf(exchange, message);
      }
      const next = this.#nextSignIn(exchange, refreshed);
      if (!next) return this.#verdict(exchange);
      const paused = this.#pause();
      if (paused) return paused;
      refreshed = this.#signIn !== null;
      this.#signIn = next;
    }
  }

  async #send(url: string, message: OnvifMessage): Promise<Exchange | Extract<CallResult, { ok: false }>> {
    const { transport, clock } = this.#options;
    const authorization = this.#signIn?.authorization('POST', url);
    const http = await transport.send({
      method: 'POST',
      url,
      headers: {
        ...contentHeaders(this.#version, message.action),
        ...(authorization ? { authorization } : {}),
      },
      body: soapEnvelope(
        message.body,
        this.#signIn?.soapHeader(clock.now() + (this.#driftMs ?? 0)),
        this.#version,
      ),
      maxBytes: LARGEST_REPLY_BYTES,
    });
    if (!http.ok) return { ok: false, failure: failureOf(http.why), message: http.message };
    this.#driftMs ??= httpDrift(http, clock.now());
    return { http, soap: readSoapReply(http.status, http.body, String(http.headers['content-type'] ?? '')) };
  }

  /** How to ask again after a refusal; null when asking again would be another wrong try. */
  #nextSignIn({ http, soap }: Exchange, refreshed: boolean): SignIn | null {
    const { credentials } = this.#options;
    if (!credentials) return null;
    const { digest } = parseChallenges(http.headers['www-authenticate']);
    const before = this.#signIn?.scheme;
    if (!before) return new SignIn({ digest, wsSecurity: digest === null, basic: false }, credentials);
    if (refreshed || !before.digest) return null;
    const wasAccepted = this.#proven || this.#fromMemory;
    if (digest && (digest.stale || wasAccepted)) return new SignIn({ ...before, digest }, credentials);
    if (wasAccepted || digest || before.wsSecurity || !wantsToken({ http, soap })) return null;
    return this.#signIn?.withWsSecurity() ?? null;
  }

  #verdict({ soap }: Exchange): CallResult {
    const { credentials, refusedTries, countedAs } = this.#options;
    if (!credentials) {
      return { ok: false, failure: 'auth-required', message: 'the device asks for user name and password' };
    }
    if (this.#proven) {
      return {
        ok: false,
        failure: 'not-supported',
        message: `the user ${credentials.username} may not do this`,
      };
    }
    // A token may be refused for the camera's clock having been set since; a fresh session finds that out.
    const mayBeClock = this.#fromMemory && this.#signIn?.scheme.digest === null;
    if (!mayBeClock) refusedTries.add(countedAs, credentials);
    this.#refused =
      soap.kind === 'fault' && isLocked(soap.fault)
        ? {
            ok: false,
            failure: 'auth-paused',
            message: `the device has locked the user for now: ${soap.fault.reason}`,
          }
        : { ok: false, failure: 'auth-failed', message: 'the device refused user name or password' };
    return this.#refused;
  }

  #pause(): CallResult | null {
    const { credentials, refusedTries, countedAs } = this.#options;
    if (this.#proven || this.#signIn || !credentials) return null;
    const waitSec = refusedTries.pausedForSec(countedAs, credentials);
    if (waitSec === 0) return null;
    const message = `the device refused the password lately; so that it does not lock the user, the next try is possible in ${waitSec} s`;
    return { ok: false, failure: 'auth-paused', message };
  }
}

/** The failure of a call as the outcome of a whole use of the device. */
export function onvifFailure(failure: CallFailure): OnvifFailure {
  return failure === 'not-supported' ? 'protocol-error' : failure;
}

function contentHeaders(version: SoapVersion, action: string): Record<string, string> {
  if (version === '1.1') return { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${action}"` };
  return { 'content-type': `application/soap+xml; charset=utf-8; action="${action}"` };
}

function knowsOldSoapOnly({ http, soap }: Exchange): boolean {
  return http.status === 415 || (soap.kind === 'fault' && isVersionMismatch(soap.fault));
}

/** The HTTP layer let the Digest pass and the SOAP layer refused: this device wants both (ONVIF Core 5.9.4). */
function wantsToken({ http, soap }: Exchange): boolean {
  return http.status !== 401 && soap.kind === 'fault' && !isLocked(soap.fault);
}

function isRefusal({ http, soap }: Exchange): boolean {
  if (soap.kind === 'fault') return http.status === 401 || isNotAuthorized(soap.fault);
  return http.status === 401 || http.status === 403;
}

function resultOf({ http, soap }: Exchange, message: OnvifMessage): CallResult {
  switch (soap.kind) {
    case 'answer':
      if (soap.body.name === message.answer) return { ok: true, body: soap.body };
      return {
        ok: false,
        failure: 'protocol-error',
        message: `answered ${message.answer} with ${soap.body.name.slice(0, 80)}`,
      };
    case 'fault':
      return { ok: false, failure: 'not-supported', message: soap.fault.reason };
    case 'broken':
      return { ok: false, failure: 'protocol-error', message: soap.message };
    case 'not-soap':
      return http.status === 200 || http.status >= 300
        ? { ok: false, failure: 'not-onvif', message: soap.message }
        : { ok: false, failure: 'protocol-error', message: soap.message };
    default:
      return soap satisfies never;
  }
}

function failureOf(why: Exclude<HttpReply, { ok: true }>['why']): CallFailure {
  switch (why) {
    case 'unreachable':
    case 'too-slow':
      return 'unreachable';
    case 'not-http':
      return 'not-onvif';
    case 'too-large':
    case 'elsewhere':
      return 'protocol-error';
    case 'other-certificate':
      return 'certificate-changed';
    default:
      return why satisfies never;
  }
}

/** The camera's clock by its HTTP Date header: the way out where GetSystemDateAndTime itself wants a password. */
function httpDrift(http: Extract<HttpReply, { ok: true }>, nowMs: number): number | null {
  const date = Date.parse(String(http.headers['date'] ?? ''));
  return Number.isNaN(date) ? null : date - nowMs;
}
