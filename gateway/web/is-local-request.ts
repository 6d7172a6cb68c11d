import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK_ADDRESS = /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/i;
const LOOPBACK_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;
const PROXY_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/**
 * True for a program on this machine that asks directly: the peer is the loopback, the Host names the loopback (so that
 * no web page under a name that resolves to it counts), and no proxy has left its mark.
 */
export function isLocalRequest(request: { headers: IncomingHttpHeaders; peerAddress: string }): boolean {
  const { headers, peerAddress } = request;
  return (
    LOOPBACK_ADDRESS.test(peerAddress) &&
    LOOPBACK_HOST.test(headers.host ?? '') &&
    PROXY_HEADERS.every((name) => headers[name] === undefined)
  );
}
