import { connect as connectTcp } from 'node:net';
import type { OnReadOpts, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { CancelTimer, Clock } from '../../base/clock.ts';
import { GatewayError, messageOf } from '../../base/gateway-error.ts';
import { InterleavedReader } from './interleaved-reader.ts';
import { headerOf, serializeRtsp } from './rtsp-message.ts';
import type { RtspMessage, RtspRequest, RtspResponse } from './rtsp-message.ts';
import type { RtspTarget } from './rtsp-url.ts';

export interface RtspLinkOptions {
  clock: Clock;
  target: RtspTarget;
  /** The resolved and permitted IP address to connect to. */
  address: string;
  /** Time for the connect and for each reply. */
  timeoutMs: number;
  /** The bytes are valid during the call only. */
  onPacket(channel: number, buffer: Buffer, start: number, end: number): void;
  isKnownChannel(channel: number): boolean;
  /** The camera asks to go on elsewhere (RFC 2326 section 10.10); null when it names no place. */
  onRedirect(location: string | null): void;
  /** Called once when an open connection ends, also after `close()`. */
  onClosed(error: GatewayError): void;
}

const KNOWN_REQUESTS = new Set(['OPTIONS', 'GET_PARAMETER', 'SET_PARAMETER', 'REDIRECT']);
const MAX_UNSENT_BYTES = 64 * 1024;
/**
 * All plain connections are read into this one buffer, each emptied before the next is read: a fresh one for each read
 * is what most of the time went into, as V8 counts it towards its limit of memory outside the heap.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

interface Pending {
  settle(outcome: RtspResponse | GatewayError): void;
}

/** One TCP or TLS connection to a camera that carries requests, replies and interleaved packets; used once. */
export class RtspLink {
  readonly #options: RtspLinkOptions;
  readonly #reader: InterleavedReader;
  readonly #pending = new Map<number, Pending>();
  #socket: Socket | undefined;
  #sequence = 0;
  #open = false;
  #closeReason: GatewayError | undefined;
  bytesReceived = 0;
  /** Time of the TCP connect. */
  rttMs: number | null = null;

  constructor(options: RtspLinkOptions) {
    this.#options = options;
    this.#reader = new InterleavedReader({
      onPacket: (channel, buffer, start, end) => options.onPacket(channel, buffer, start, end),
      onMessage: (message) => this.#onMessage(message),
      isKnownChannel: (channel) => options.isKnownChannel(channel),
    });
  }

  /** Resolves when connected; rejects with `camera-offline` naming host and port. */
  connect(): Promise<void> {
    const { clock, target, address, timeoutMs } = this.#options;
    const startedMs = clock.monotonicMs();
    if (this.#closeReason) return Promise.reject(this.#closeReason);
    return new Promise((resolve, reject) => {
      const socket = this.#createSocket(target, address);
      this.#socket = socket;
      const cancel = clock.after(timeoutMs, () =>
        this.#end(offline(target, `did not answer within ${Math.round(timeoutMs / 1000)} s`)),
      );
      socket.setNoDelay(true);
      socket.once('connect', () => {
        this.rttMs = clock.monotonicMs() - startedMs;
      });
      socket.once(target.tls ? 'secureConnect' : 'connect', () => {
        cancel();
        this.#open = true;
        resolve();
      });
      if (target.tls) socket.on('data', (chunk: Buffer) => this.#onData(chunk));
      socket.on('error', (error) => this.#end(offline(target, describeSocketError(error))));
      socket.on('close', () => {
        cancel();
        this.#end(offline(target, 'closed the connection'));
        reject(this.#closeReason ?? offline(target, 'closed the connection'));
      });
    });
  }

  /** Sends a request and waits for its reply; rejects with `camera-offline` or `camera-protocol-error`. */
  request(method: string, uri: string, headers: Record<string, string>): Promise<RtspResponse> {
    return new Promise((resolve, reject) => {
      if (!this.#open || !this.#socket) {
        reject(this.#closeReason ?? offline(this.#options.target, 'is not connected'));
        return;
      }
      this.#sequence += 1;
      const sequence = this.#sequence;
      const cancel = this.#deadline(sequence, method);
      this.#pending.set(sequence, {
        settle: (outcome) => {
          cancel();
          this.#pending.delete(sequence);
          if (outcome instanceof GatewayError) reject(outcome);
          else resolve(outcome);
        },
      });
      const text = serializeRtsp(`${method} ${uri} RTSP/1.0`, {
        CSeq: String(sequence),
        'User-Agent': 'Gantry',
        ...headers,
      });
      this.#socket.write(text);
    });
  }

  /** Sends one packet on a channel (RFC 2326 section 10.12); left out while the camera does not read. */
  sendPacket(channel: number, packet: Buffer): void {
    if (!this.#open || !this.#socket || this.#socket.writableLength > MAX_UNSENT_BYTES) return;
    const head = Buffer.from([0x24, channel, packet.length >> 8, packet.length & 0xff]);
    this.#socket.write(Buffer.concat([head, packet]));
  }

  /** True once an open connection has ended. */
  get ended(): boolean {
    return this.#closeReason !== undefined;
  }

  /** Our own address on the way to the camera; empty before the connect. */
  get localAddress(): string {
    return this.#socket?.localAddress ?? '';
  }

  /** Closes at once; replies still awaited are rejected. */
  close(): void {
    this.#end(offline(this.#options.target, 'connection was closed by the gateway'));
  }

  #createSocket(target: RtspTarget, address: string): Socket {
    const where = { host: address, port: target.port };
    if (!target.tls) return connectTcp({ ...where, onread: this.#readInto() });
    // Cameras make their own certificates; which one to trust is a setting of a later version.
    return connectTls({ ...where, rejectUnauthorized: false });
  }

  #readInto(): OnReadOpts {
    return {
      buffer: READ_BUFFER,
      callback: (byteCount) => {
        this.#onData(READ_BUFFER.subarray(0, byteCount));
        return true;
      },
    };
  }

  #deadline(sequence: number, method: string): CancelTimer {
    const { clock, timeoutMs, target } = this.#options;
    return clock.after(timeoutMs, () =>
      this.#pending
        .get(sequence)
        ?.settle(
          new GatewayError(
            'camera-offline',
            `${target.host}:${target.port} did not answer ${method} within ${Math.round(timeoutMs / 1000)} s`,
          ),
        ),
    );
  }

  #onData(chunk: Buffer): void {
    if (this.#closeReason) return;
    this.bytesReceived += chunk.length;
    try {
      const fault = this.#reader.push(chunk);
      if (fault) this.#end(new GatewayError('camera-protocol-error', fault));
    } catch (error) {
      this.#end(
        new GatewayError('internal', `reading the stream failed: ${messageOf(error)}`, { cause: error }),
      );
    }
  }

  #onMessage(message: RtspMessage): void {
    if (message.kind === 'request') {
      this.#answer(message);
      return;
    }
    const sequence = Number(headerOf(message, 'cseq') ?? Number.NaN);
    // Some cameras leave CSeq out or answer with a wrong one; with one reply awaited there is no doubt.
    const only = this.#pending.size === 1 ? [...this.#pending.values()][0] : undefined;
    const pending =
      this.#pending.get(sequence) ?? (Number.isInteger(sequence) && sequence > 0 ? undefined : only);
    pending?.settle(message);
  }

  #answer(request: RtspRequest): void {
    const status = KNOWN_REQUESTS.has(request.method) ? '200 OK' : '501 Not Implemented';
    this.#socket?.write(serializeRtsp(`RTSP/1.0 ${status}`, { CSeq: headerOf(request, 'cseq') ?? '0' }));
    if (request.method === 'REDIRECT') this.#options.onRedirect(headerOf(request, 'location') || null);
  }

  #end(reason: GatewayError): void {
    if (this.#closeReason) return;
    this.#closeReason = reason;
    const wasOpen = this.#open;
    this.#open = false;
    this.#socket?.destroy();
    for (const pending of this.#pending.values()) pending.settle(reason);
    if (wasOpen) this.#options.onClosed(reason);
  }
}

function offline(target: RtspTarget, what: string): GatewayError {
  return new GatewayError('camera-offline', `${target.host}:${target.port} ${what}`);
}

const SOCKET_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection: nothing listens on that port',
  ECONNRESET: 'reset the connection',
  EHOSTUNREACH: 'cannot be reached: no such host on the network',
  ENETUNREACH: 'cannot be reached: there is no route to its network',
  ETIMEDOUT: 'did not answer in time',
  EPIPE: 'closed the connection',
};

function describeSocketError(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  return SOCKET_ERRORS[code] ?? `cannot be read: ${error.message}`;
}
