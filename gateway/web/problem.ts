import { errorCodes } from '../base/error-codes.ts';
import type { ErrorCode } from '../base/error-codes.ts';
import { GatewayError } from '../base/gateway-error.ts';
import type { Problem } from '../contract/common.ts';

/** The one place where error codes become HTTP. */
const statusOf: Record<ErrorCode, number> = {
  'bad-request': 400,
  unauthenticated: 401,
  'bad-credentials': 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  'too-many-requests': 429,
  'import-refused': 422,
  'camera-offline': 503,
  'camera-auth-failed': 422,
  'camera-auth-paused': 503,
  'camera-protocol-error': 502,
  'camera-unsupported': 422,
  'camera-certificate-changed': 409,
  'unsupported-codec': 422,
  'address-not-allowed': 422,
  'no-picture': 404,
  'transcoder-busy': 503,
  'ffmpeg-missing': 503,
  'ffmpeg-failed': 500,
  'config-invalid': 500,
  'storage-failed': 500,
  'secret-unreadable': 500,
  'port-in-use': 500,
  'shutting-down': 503,
  internal: 500,
};

/** Codes whose messages name files, programs or settings: they go to the log, and the reply bears the code's meaning. */
const forOperatorsOnly: ReadonlySet<ErrorCode> = new Set([
  'ffmpeg-missing',
  'ffmpeg-failed',
  'config-invalid',
  'storage-failed',
  'secret-unreadable',
  'port-in-use',
  'internal',
]);

/** A problem reply, RFC 9457: status, headers and body. */
export interface ProblemReply {
  status: number;
  headers: Record<string, string>;
  body: Problem;
}

/** The reply to anything thrown; what is not a GatewayError is `internal` and tells nothing of itself. */
export function problemReply(error: unknown): ProblemReply {
  const fault = toGatewayError(error);
  const status = statusOf[fault.code];
  const hidden = forOperatorsOnly.has(fault.code);
  const details = hidden ? {} : fault.details;
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
  };
  const { retryAfterSec, allow } = details;
  if (typeof retryAfterSec === 'number')
    headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterSec)));
  if (typeof allow === 'string') headers['allow'] = allow;
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="gantry"';
  return {
    status,
    headers,
    body: {
      ...details,
      type: `urn:gantry:problem:${fault.code}`,
      title: errorCodes[fault.code],
      status,
      detail: hidden ? errorCodes[fault.code] : fault.message,
      code: fault.code,
    },
  };
}

/** True for a fault of the gateway itself, which belongs in the log; false for what a caller or camera did. */
export function isOwnFault(error: unknown): boolean {
  return forOperatorsOnly.has(toGatewayError(error).code);
}

/** Errors of express and its body parser bear a status; anything else unknown is a fault of ours. */
function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  if (status === 413) return new GatewayError('too-large', 'the body is larger than 1 MiB');
  if (type === 'entity.parse.failed') return new GatewayError('bad-request', 'the body is not valid JSON');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new GatewayError(
      'bad-request',
      'the request cannot be read: address, encoding or body is malformed',
    );
  return new GatewayError('internal', errorCodes.internal, { cause: error });
}
