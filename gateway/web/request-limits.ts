import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { GatewayError } from '../base/gateway-error.ts';

const WINDOW_MS = 10_000;

/** Requests that one address may make in a minute. */
export interface RequestLimits {
  /** API and pages. */
  apiPerMin: number;
  /** Live playlists and segments: a wall of tiles asks some hundred times a second. */
  livePerMin: number;
  /** Pages behind share links, which strangers open. */
  sharePerMin?: number;
}

/** What a whole office behind one address does not reach. */
export const defaultRequestLimits: RequestLimits = {
  apiPerMin: 12_000,
  livePerMin: 120_000,
  sharePerMin: 600,
};

/** True for playlists, media and pictures of cameras, which players ask for many times a second. */
export function isLivePath(path: string): boolean {
  return path.startsWith('/live/') || isSharedLivePath(path);
}

/** The same behind a share link. */
export function isSharedLivePath(path: string): boolean {
  return /^\/s\/[^/]+\/live\//.test(path);
}

/** Slows down floods from one address with `too-many-requests`; counted in windows of 10 s, in memory. */
export function requestLimits({ apiPerMin, livePerMin, sharePerMin = 600 }: RequestLimits): RequestHandler {
  const api = limiter(apiPerMin);
  const live = limiter(livePerMin);
  const share = limiter(sharePerMin);
  return (request, response, next) => {
    const { path } = request;
    (isLivePath(path) ? live : path.startsWith('/s/') ? share : api)(request, response, next);
  };
}

function limiter(perMin: number): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: Math.ceil((perMin * WINDOW_MS) / 60_000),
    standardHeaders: false,
    legacyHeaders: false,
    // It would write to the console about forwarded headers, which http.trustProxy settles.
    validate: false,
    handler: (_request, _response, next) => {
      next(
        new GatewayError('too-many-requests', 'too many requests from this address: slow down', {
          details: { retryAfterSec: WINDOW_MS / 1000 },
        }),
      );
    },
  });
}
