import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** What a device asks for: nothing, one of the two, either of them, or both in the same request. */
export type FixtureAuth = 'none' | 'digest' | 'wsse' | 'either' | 'together';

export interface FixtureDeviceOptions {
  vendor: 'hikvision' | 'dahua' | 'axis' | 'uniview' | 'tplink';
  auth?: FixtureAuth;
  algorithm?: 'MD5' | 'SHA-256';
  username?: string;
  password?: string;
  /** HTTPS with a self-signed certificate. */
  tls?: boolean;
  /** Camera time minus true time. */
  clockOffsetMs?: number;
  /** Tells the camera time in the HTTP Date header as well. */
  httpDate?: boolean;
  /** Whether its SOAP refusals come as 401, 400 or even 200. */
  refusalStatus?: number;
  /** A new nonce for each request, the old one refused without `stale`. */
  oneTimeNonces?: boolean;
  /** Where it listens; any free port of the loopback when absent. */
  listen?: { host: string; port: number };
  /** Takes the place of the recorded MAC, and is told as endpoint id. */
  identity?: { mac: string; uuid: string };
  /** Takes over a reply; returns false to let the usual one go out. */
  override?: (call: string, response: ServerResponse) => boolean;
}

const FIXTURES = join(import.meta.dirname, '../../fixtures/onvif');

/** An ONVIF device over HTTP made of recorded-like replies, with its own check of passwords and a log of what it was asked. */
export class FixtureDevice {
  readonly options: Required<Omit<FixtureDeviceOptions, 'override' | 'identity'>> &
    Pick<FixtureDeviceOptions, 'override' | 'identity'>;
  /** Names of the calls that came, in order. */
  readonly calls: string[] = [];
  /** Bodies of the requests that came, in order. */
  readonly bodies: string[] = [];
  /** Requests that bore credentials and were refused: what counts towards a lock-out. */
  refusedSignIns = 0;
  acceptedSignIns = 0;
  /** Authorization headers that came. */
  readonly authorizations: string[] = [];
  readonly #server: Server;
  #nonce = randomBytes(8).toString('hex');
  readonly #usedNonces = new Set<string>();

  constructor(options: FixtureDeviceOptions) {
    this.options = {
      auth: 'digest',
      algorithm: 'MD5',
      username: 'admin',
      password: 'right & <proper>',
      clockOffsetMs: 0,
      refusalStatus: options.auth === 'wsse' ? 400 : 401,
      oneTimeNonces: false,
      tls: false,
      httpDate: false,
      listen: { host: '127.0.0.1', port: 0 },
      ...options,
    };
    const listener = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#handle(request, response);
    const [key, cert] = ['key', 'cert'].map((part) => onvifFixture(`self-signed_${part}.pem`));
    this.#server = this.options.tls ? createTlsServer({ key, cert }, listener) : createServer(listener);
  }

  async start(): Promise<this> {
    const { host, port } = this.options.listen;
    await new Promise<void>((resolve) => this.#server.listen(port, host, resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `${this.options.tls ? 'https' : 'http'}://${this.options.listen.host}:${this.port}`;
  }

  get xaddr(): string {
    return `${this.origin}/onvif/device_service`;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    if (request.headers.authorization) this.authorizations.push(request.headers.authorization);
    const [, asked = 'unknown', namespace = ''] = /<s:Body><(\w+) xmlns="([^"]+)"/.exec(body) ?? [];
    const call = request.method === 'GET' ? 'snapshot' : asked;
    this.calls.push(call);
    this.bodies.push(body);
    response.sendDate = false;
    if (this.options.httpDate) response.setHeader('Date', this.#now().toUTCString());
    if (this.options.override?.(call, response)) return;
    const isOpen = call === 'GetSystemDateAndTime' || call === 'GetEndpointReference';
    if (!isOpen && !this.#admits(request, body)) return this.#refuse(response, call);
    if (call === 'snapshot') {
      response.setHeader('Content-Type', 'image/jpeg');
      response.end(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xd9]));
      return;
    }
    this.#reply(response, call + (SERVICE_SUFFIXES[namespace] ?? ''), body);
  }

  #reply(response: ServerResponse, fixture: string, body: string): void {
    const reply = this.#fixture(fixture, /<ProfileToken>([^<]*)</.exec(body)?.[1] ?? '');
    response.setHeader('Content-Type', 'application/soap+xml; charset=utf-8');
    response.statusCode = reply === null ? 400 : 200;
    response.end(reply ?? ACTION_NOT_SUPPORTED);
  }

  #fixture(name: string, token: string): string | null {
    const { uuid } = this.options.identity ?? {};
    if (name === 'GetEndpointReference' && uuid) {
      return `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><r:${name}Response xmlns:r="x"><r:GUID>${uuid}</r:GUID></r:${name}Response></s:Body></s:Envelope>`;
    }
    let text: string;
    try {
      text = readFileSync(join(FIXTURES, `${this.options.vendor}_${name}.xml`), 'utf8');
    } catch {
      return null;
    }
    const now = this.#now();
    const values: Record<string, string | number> = {
      ORIGIN: this.origin,
      TOKEN: token,
      CHANNEL: /[12]/.exec(token)?.[0] ?? '0',
      UTC_YEAR: now.getUTCFullYear(),
      UTC_MONTH: now.getUTCMonth() + 1,
      UTC_DAY: now.getUTCDate(),
      UTC_HOUR: now.getUTCHours(),
      UTC_MINUTE: now.getUTCMinutes(),
      UTC_SECOND: now.getUTCSeconds(),
    };
    const { identity } = this.options;
    if (identity) text = text.replaceAll(/(?<=HwAddress>)[^<]*/g, identity.mac);
    return text.replaceAll(/@([A-Z_]+)@/g, (whole, key: string) => String(values[key] ?? whole));
  }

  #now(): Date {
    return new Date(Date.now() + this.options.clockOffsetMs);
  }

  #admits(request: IncomingMessage, body: string): boolean {
    const { auth } = this.options;
    const signed = request.headers.authorization !== undefined || body.includes('UsernameToken');
    const digest = this.#checkDigest(request);
    const wsse = this.#checkToken(body);
    const admitted = { none: true, digest, wsse, either: digest || wsse, together: digest && wsse }[auth];
    if (signed && admitted) this.acceptedSignIns += 1;
    // One that wants both answers a right Digest alone with a SOAP fault; that costs nobody a try.
    if (signed && !admitted && !(auth === 'together' && digest)) this.refusedSignIns += 1;
    this.#lastDigestPassed = digest;
    return admitted;
  }

  #lastDigestPassed = false;

  #refuse(response: ServerResponse, call: string): void {
    const { auth, algorithm, refusalStatus } = this.options;
    const offersDigest =
      auth === 'digest' || auth === 'either' || (auth === 'together' && !this.#lastDigestPassed);
    if (offersDigest || call === 'snapshot') {
      this.#nonce = randomBytes(8).toString('hex');
      response.setHeader('WWW-Authenticate', [
        `Digest realm="Login to, \\"camera\\"", qop="auth", nonce="${this.#nonce}", opaque="0x1", algorithm=${algorithm}, stale="FALSE"`,
        'Basic realm="camera"',
      ]);
      response.statusCode = 401;
      response.end(
        auth === 'digest' ? '<html><body>Unauthorized</body></html>' : this.#fixture('NotAuthorized', ''),
      );
      return;
    }
    response.statusCode = auth === 'together' ? 400 : refusalStatus;
    response.setHeader('Content-Type', 'application/soap+xml');
    response.end(this.#fixture('NotAuthorized', ''));
  }

  #checkDigest(request: IncomingMessage): boolean {
    const header = request.headers.authorization ?? '';
    const field = (name: string): string => {
      const match = new RegExp(`[ ,]${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^,]*))`).exec(header);
      return (match?.[1] ?? match?.[2] ?? '').replaceAll(/\\(.)/g, '$1');
    };
    const { algorithm, username, password, oneTimeNonces } = this.options;
    const hash = (text: string): string =>
      createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
        .update(text)
        .digest('hex');
    if (field('uri') !== request.url || field('username') !== username) return false;
    const ha1 = hash(`${username}:Login to, "camera":${password}`);
    const ha2 = hash(`${request.method}:${request.url}`);
    const nonce = field('nonce');
    const expected = hash(`${ha1}:${nonce}:${field('nc')}:${field('cnonce')}:auth:${ha2}`);
    if (field('response') !== expected || field('realm') !== 'Login to, "camera"') return false;
    if (oneTimeNonces && this.#usedNonces.has(nonce)) return false;
    this.#usedNonces.add(nonce);
    return true;
  }

  #checkToken(body: string): boolean {
    const part = (pattern: RegExp): string => pattern.exec(body)?.[1] ?? '';
    const created = part(/<wsu:Created>([^<]+)</);
    const nonce = Buffer.from(part(/<wsse:Nonce[^>]*>([^<]+)</), 'base64');
    const digest = createHash('sha1')
      .update(nonce)
      .update(created)
      .update(this.options.password)
      .digest('base64');
    const offMs = Math.abs(Date.parse(created) - (Date.now() + this.options.clockOffsetMs));
    return (
      part(/#PasswordDigest">([^<]+)</) === digest &&
      part(/<wsse:Username>([^<]+)</) === this.options.username &&
      offMs < 10_000
    );
  }
}

const SERVICE_SUFFIXES: Record<string, string> = {
  'http://www.onvif.org/ver10/media/wsdl': '_media1',
  'http://www.onvif.org/ver20/media/wsdl': '_media2',
};

const ACTION_NOT_SUPPORTED =
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value>' +
  '<s:Subcode><s:Value>ter:ActionNotSupported</s:Value></s:Subcode></s:Code><s:Reason><s:Text>Optional Action Not Implemented</s:Text></s:Reason>' +
  '</s:Fault></s:Body></s:Envelope>';

/** The text of a fixture of this folder. */
export function onvifFixture(name: string): string {
  return readFileSync(join(FIXTURES, name), 'utf8');
}
