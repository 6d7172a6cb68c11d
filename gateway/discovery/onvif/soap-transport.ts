import { Agent, request } from 'undici';
import type { Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/gateway-error.ts';
import { CertificateChanged, pinnedConnector } from './pinned-connector.ts';

/** One HTTP exchange with a device: a complete reply, or why there is none. */
export type HttpReply =
  | { ok: true; status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }
  | {
      ok: false;
      why: 'unreachable' | 'too-slow' | 'too-large' | 'not-http' | 'elsewhere' | 'other-certificate';
      message: string;
    };

/** A request to a device; the URL's host must be the transport's own. */
export interface HttpRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Largest reply body, bytes. */
  maxBytes: number;
}

interface SoapTransportOptions {
  clock: Clock;
  /** The host of the URLs, and the address it was checked and resolved to: connections go nowhere else. */
  host: string;
  address: string;
  /** Time for one exchange, from connecting to the last byte. */
  deadlineMs: number;
  /** Ends all exchanges at once. */
  signal: AbortSignal;
  /** The certificate that was accepted at registration (SHA-256, lower-case hex); null: any is. */
  pinnedSha256: string | null;
}

/** HTTP to one device for the length of one reading; follows no redirect, keeps no connection, leaves nothing behind after `close()`. */
export class SoapTransport {
  readonly #options: SoapTransportOptions;
  readonly #agent: Agent;
  #certificateSha256: string | null = null;

  constructor(options: SoapTransportOptions) {
    this.#options = options;
    this.#agent = new Agent({
      connect: pinnedConnector({
        address: options.address,
        timeoutMs: options.deadlineMs,
        pinnedSha256: options.pinnedSha256,
        onCertificate: (sha256) => (this.#certificateSha256 = sha256),
      }),
      // No keep-alive: many cameras close without saying so, and the next request would be lost.
      pipelining: 0,
      maxHeaderSize: 32_768,
    });
  }

  /** SHA-256 of the certificate that the device showed last, refused ones included; null over plain HTTP. */
  get certificateSha256(): string | null {
    return this.#certificateSha256;
  }

  async send(options: HttpRequest): Promise<HttpReply> {
    if (!this.#isOwnHost(options.url)) {
      return {
        ok: false,
        why: 'elsewhere',
        message: 'the device points to another host, which is not followed',
      };
    }
    const { clock, deadlineMs, signal } = this.#options;
    const deadline = new AbortController();
    const cancel = clock.after(deadlineMs, () => deadline.abort());
    try {
      return await this.#exchange(options, AbortSignal.any([signal, deadline.signal]));
    } catch (error) {
      const late = deadline.signal.aborted;
      if (error instanceof CertificateChanged) {
        this.#certificateSha256 = error.sha256;
        return { ok: false, why: 'other-certificate', message: error.message };
      }
      return late ? tooSlow(deadlineMs) : failureOf(error, signal.aborted);
    } finally {
      cancel();
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #exchange(
    { method, url, headers, body, maxBytes }: HttpRequest,
    signal: AbortSignal,
  ): Promise<HttpReply> {
    const reply = await request(url, {
      dispatcher: this.#agent,
      method,
      headers,
      body: body ?? null,
      signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    reply.body.on('error', () => undefined);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of reply.body as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) {
        return { ok: false, why: 'too-large', message: `the answer is larger than ${maxBytes} bytes` };
      }
      chunks.push(chunk);
    }
    return { ok: true, status: reply.statusCode, headers: reply.headers, body: Buffer.concat(chunks) };
  }

  #isOwnHost(url: string): boolean {
    return URL.canParse(url) && bareHost(new URL(url).hostname) === bareHost(this.#options.host);
  }
}

/** A host name or address without the brackets of IPv6. */
export function bareHost(host: string): string {
  return host.replaceAll(/^\[|\]$/g, '').toLowerCase();
}

function tooSlow(deadlineMs: number): HttpReply {
  return { ok: false, why: 'too-slow', message: `no complete answer within ${deadlineMs / 1000} s` };
}

function failureOf(error: unknown, cancelled: boolean): HttpReply {
  if (cancelled) return { ok: false, why: 'unreachable', message: 'the reading was ended' };
  const code = codeOf(error);
  const isParserError = error instanceof Error && error.name === 'HTTPParserError';
  if (
    isParserError ||
    code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' ||
    code === 'UND_ERR_HEADERS_OVERFLOW'
  ) {
    return { ok: false, why: 'not-http', message: 'the answer is not valid HTTP' };
  }
  const message = REASONS[code] ?? `the connection failed (${code || messageOf(error)})`;
  return { ok: false, why: 'unreachable', message };
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the device closed the connection',
  UND_ERR_SOCKET: 'the device closed the connection',
  EHOSTUNREACH: 'there is no way to this address',
  ENETUNREACH: 'there is no way to this network',
  ETIMEDOUT: 'nothing answers at this address',
  UND_ERR_CONNECT_TIMEOUT: 'nothing answers at this address',
};

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : codeOf(error.cause);
}
