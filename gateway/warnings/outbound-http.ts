import { isIP } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import type { Clock } from '../base/clock.ts';
import { isGatewayError } from '../base/gateway-error.ts';
import type { NetworkGuard } from '../base/network-guard.ts';
import type { DeliveryFault } from '../contract/notification.ts';
import type { Answer, Order } from './robots/order.ts';

const DEADLINE_MS = 10_000;
const MAX_REPLY_BYTES = 65_536;

/** The receiver's answer, or why there is none. */
export type Exchange = { ok: true; answer: Answer } | { ok: false; fault: DeliveryFault; final: boolean };

/**
 * Makes one request to a permitted address: the name is resolved once and only that address is connected to, certificates
 * are verified, redirects are not followed, the reply is bounded in time and size. Keeps no connection.
 */
export class OutboundHttp {
  readonly #guard: Pick<NetworkGuard, 'resolve'>;
  readonly #clock: Clock;
  readonly #stopped = new AbortController();

  constructor(options: { guard: Pick<NetworkGuard, 'resolve'>; clock: Clock }) {
    this.#guard = options.guard;
    this.#clock = options.clock;
  }

  /** Ends what is under way. */
  stop(): void {
    this.#stopped.abort();
  }

  async send(order: Order): Promise<Exchange> {
    const deadline = new AbortController();
    const cancel = this.#clock.after(DEADLINE_MS, () => deadline.abort());
    let agent: Agent | undefined;
    try {
      const address = await this.#guard.resolve(new URL(order.url).hostname);
      agent = agentTo(address);
      return {
        ok: true,
        answer: await exchange(order, agent, AbortSignal.any([deadline.signal, this.#stopped.signal])),
      };
    } catch (error) {
      if (deadline.signal.aborted)
        return failed('too-slow', `no complete answer within ${DEADLINE_MS / 1000} s`);
      return faultOf(error, new URL(order.url).hostname);
    } finally {
      cancel();
      await agent?.destroy();
    }
  }
}

function agentTo(address: string): Agent {
  const family = isIP(address);
  return new Agent({
    connect: buildConnector({
      lookup: (_host, options, callback) => {
        if (options.all) callback(null, [{ address, family }]);
        else callback(null, address, family);
      },
      timeout: DEADLINE_MS,
      maxCachedSessions: 0,
      allowH2: false,
    }),
    pipelining: 0,
    maxHeaderSize: 32_768,
  });
}

async function exchange(order: Order, dispatcher: Agent, signal: AbortSignal): Promise<Answer> {
  const { method, url, headers, body } = order;
  const reply = await request(url, {
    dispatcher,
    method,
    headers,
    body,
    signal,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  reply.body.on('error', () => undefined);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of reply.body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    // The status tells enough of an answer that never ends.
    if (bytes > MAX_REPLY_BYTES) break;
  }
  const retryAfter = Number(reply.headers['retry-after']);
  return {
    status: reply.statusCode,
    body: Buffer.concat(chunks).subarray(0, MAX_REPLY_BYTES).toString('utf8'),
    retryAfterSec: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
  };
}

/** A fault names the host alone: the rest of the address is secret, and library messages may repeat it. */
function faultOf(error: unknown, host: string): Exchange {
  if (isGatewayError(error, 'address-not-allowed'))
    return {
      ok: false,
      final: true,
      fault: {
        code: 'address-not-allowed',
        message: `${host} lies outside the networks that messages may go to (notifications.allowedNetworks)`,
      },
    };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|^ERR_TLS|^ERR_SSL/.test(code))
    return failed(
      'certificate',
      `the certificate of ${host} is not to be trusted: check the address, or have its issuer trusted (NODE_EXTRA_CA_CERTS)`,
    );
  if (code === 'UND_ERR_INVALID_ARG')
    return {
      ok: false,
      final: true,
      fault: { code: 'bad-template', message: 'address or headers cannot be sent with these values' },
    };
  return failed('unreachable', `${host} cannot be reached: check the address, the network and the firewall`);
}

function failed(code: DeliveryFault['code'], message: string): Exchange {
  return { ok: false, final: false, fault: { code, message } };
}
