import { GatewayError } from '../base/gateway-error.ts';
import type { FeedFailure } from '../ingest/feeds.ts';

const USUAL_RETRY_SEC = 5;

/** The error for a request that a failed pull cannot answer: `camera-offline` with `retryAfterSec` and `reason`, or `unsupported-codec`. */
export function liveFailure(failure: FeedFailure, nowMs: number): GatewayError {
  if (failure.code === 'unsupported-codec') {
    return new GatewayError('unsupported-codec', failure.message, { details: { reason: failure.code } });
  }
  const waitSec =
    failure.retryAtMs === null ? USUAL_RETRY_SEC : Math.max(1, Math.ceil((failure.retryAtMs - nowMs) / 1000));
  return new GatewayError('camera-offline', failure.message, {
    details: { retryAfterSec: waitSec, reason: failure.code },
  });
}

/** The error for a request whose pull neither failed nor brought pictures in time. */
export function noPictureInTime(waitedSec: number): GatewayError {
  return new GatewayError(
    'camera-offline',
    `the camera sent no picture within ${waitedSec} s; look whether it has power and network, then try again`,
    { details: { retryAfterSec: USUAL_RETRY_SEC, reason: 'no-frames' } },
  );
}
