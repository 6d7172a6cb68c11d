import { GatewayError } from '../../base/gateway-error.ts';
import type { RtspResponse } from './rtsp-message.ts';

/** What some answers mean to a technician (RFC 2326 section 7.1.1). */
const MEANINGS: Readonly<Record<number, string>> = {
  453: 'the camera serves as many viewers as it can; close others of its viewers, or allow it more streams',
  503: 'the camera is too busy, or serves as many viewers as it can',
};

/** A `camera-protocol-error` that names the step and the answer to it, with the explanation given or the usual one. */
export function answered(step: string, reply: RtspResponse, explanation?: string): GatewayError {
  const reason = reply.reason ? ` ${reply.reason}` : '';
  const meaning = explanation ?? MEANINGS[reply.status];
  return new GatewayError(
    'camera-protocol-error',
    `${step} was answered ${reply.status}${reason}${meaning ? `: ${meaning}` : ''}`,
  );
}
