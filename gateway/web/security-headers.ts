import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { HelmetOptions } from 'helmet';
import { isLivePath } from './request-limits.ts';

const YEAR_SEC = 31_536_000;
const HOST = /^[\w.-]+(?::\d+)?$|^\[[\da-f:.]+\](?::\d+)?$/i;

/** Headers that keep pages to themselves (strict CSP, no framing, no sniffing); HSTS only where TLS is in use. */
export function securityHeaders(): RequestHandler {
  const plain = helmet({ ...shared, strictTransportSecurity: false, crossOriginOpenerPolicy: false });
  const overTls = helmet({ ...shared, strictTransportSecurity: { maxAge: YEAR_SEC } });
  return (request, response, next) => {
    if (isLivePath(request.path)) {
      setMediaHeaders(request.secure, response);
      if (request.path.startsWith('/s/')) keepToItself(response, next);
      else next();
      return;
    }
    response.setHeader('permissions-policy', 'camera=(), microphone=(), payment=(), usb=()');
    const forShares = request.path.startsWith('/s/') ? () => keepToItself(response, next) : next;
    (request.secure ? overTls : plain)(request, response, forShares);
  };
}

/** A page whose address is a secret: told to no other site, found by no search engine, kept nowhere. */
function keepToItself(response: ServerResponse, next: () => void): void {
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('x-robots-tag', 'noindex, nofollow, noarchive');
  response.setHeader('cache-control', 'no-store');
  next();
}

/** What is left of the headers for media, which is no page: helmet would put them together anew for each segment. */
function setMediaHeaders(secure: boolean, response: ServerResponse): void {
  response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('referrer-policy', 'same-origin');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  if (secure) response.setHeader('strict-transport-security', `max-age=${YEAR_SEC}; includeSubDomains`);
}

/** WebSockets of this very host: not every browser counts them as 'self'. */
function socketsOfHost(request: IncomingMessage, _response: ServerResponse): string {
  const host = request.headers.host ?? '';
  return HOST.test(host) ? `ws://${host} wss://${host}` : "'self'";
}

const shared = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'self'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'", 'data:', 'blob:'],
      'media-src': ["'self'", 'blob:'],
      'font-src': ["'self'"],
      'connect-src': ["'self'", socketsOfHost],
      'worker-src': ["'self'", 'blob:'],
      'object-src': ["'none'"],
      'base-uri': ["'none'"],
      'form-action': ["'self'"],
      'frame-ancestors': ["'none'"],
    },
  },
  crossOriginEmbedderPolicy: false,
  originAgentCluster: false,
  referrerPolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
} satisfies HelmetOptions;
