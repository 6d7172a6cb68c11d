import type { IncomingHttpHeaders } from 'node:http';

/**
 * False when a browser says that another site's page made this request: the guard of cookies against forged requests and
 * foreign WebSockets. `host` is the name that the browser asked for. Programs send neither header and bear no other
 * site's intent.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, host: string | undefined): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  if (origin === undefined) return true;
  return host !== undefined && URL.parse(origin)?.host === host.toLowerCase();
}
