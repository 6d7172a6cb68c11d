import type { ErrorCode } from '../base/error-codes.ts';
import type { GatewayError } from '../base/gateway-error.ts';
import type { FeedFailureCode } from './feeds.ts';

const CODES: Partial<Record<ErrorCode, FeedFailureCode>> = {
  'camera-offline': 'unreachable',
  'address-not-allowed': 'unreachable',
  'camera-auth-failed': 'auth-failed',
  'camera-auth-paused': 'auth-paused',
  'unsupported-codec': 'unsupported-codec',
};

/** The reason code for a fault of a pull; what is not listed is `rtsp-error`. */
export function feedFailureCode(error: GatewayError): FeedFailureCode {
  return CODES[error.code] ?? 'rtsp-error';
}
