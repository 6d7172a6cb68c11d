import { connect } from 'node:net';
import { GatewayError, messageOf } from '../base/gateway-error.ts';
import type { NetworkGuard } from '../base/network-guard.ts';

const DEFAULT_PORTS: Record<string, number> = { 'rtsp:': 554, 'rtsps:': 322, 'http:': 80, 'https:': 443 };

/**
 * Opens and closes a TCP connection to the host and port of a URL. Throws `address-not-allowed`, or `camera-offline`
 * saying what the network answered.
 */
export async function tcpReach(url: string, guard: NetworkGuard, timeoutMs: number): Promise<void> {
  const { protocol, hostname, port } = new URL(url);
  const host = await guard.resolve(hostname);
  const target = { host, port: port === '' ? (DEFAULT_PORTS[protocol] ?? 554) : Number(port) };
  await new Promise<void>((resolve, reject) => {
    const socket = connect(target);
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', (error) => reject(unreachable(target, error)));
  });
}

function unreachable(target: { host: string; port: number }, error: Error): GatewayError {
  const why = 'code' in error && error.code === 'ECONNREFUSED' ? 'nothing listens there' : messageOf(error);
  return new GatewayError(
    'camera-offline',
    `${target.host}:${target.port} cannot be reached (${why}): look at power, cable and address of the camera`,
    { cause: error },
  );
}
