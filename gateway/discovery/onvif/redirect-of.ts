import type { HttpReply } from './soap-transport.ts';
import { bareHost } from './soap-transport.ts';

const MOVED = new Set([301, 302, 303, 307, 308]);

/**
 * Where a reply sends its caller, as a service address: only on the same host (many devices send HTTP to HTTPS), and with
 * the path that was asked where it names no service. Null for any other reply, or one that points elsewhere.
 */
export function redirectOf(
  { status, headers }: Pick<Extract<HttpReply, { ok: true }>, 'status' | 'headers'>,
  asked: string,
): string | null {
  const location = headers['location'];
  if (!MOVED.has(status) || typeof location !== 'string' || location.length > 1000) return null;
  if (!URL.canParse(location, asked)) return null;
  const from = new URL(asked);
  const to = new URL(location, asked);
  if (
    (to.protocol !== 'http:' && to.protocol !== 'https:') ||
    bareHost(to.hostname) !== bareHost(from.hostname)
  ) {
    return null;
  }
  const path = /onvif/i.test(to.pathname) ? to.pathname + to.search : from.pathname + from.search;
  const moved = to.origin + path;
  return moved === asked ? null : moved;
}
