import { isGatewayError } from '../base/gateway-error.ts';
import type { ErrorCode } from '../base/error-codes.ts';
import type { CameraCheck, CameraCheckRequest } from '../contract/camera.ts';
import { checkCamera, verdict } from './camera-check.ts';
import type { CheckParts } from './camera-check.ts';

type Step = CameraCheck['steps'][number];

/** Keeps a camera that is not registered for the time of one piece of work. */
interface Drafts {
  with<Result>(body: CameraCheckRequest, work: (draftId: string) => Promise<Result>): Promise<Result>;
}

/** The step at which a device is lost whose ONVIF service could not be read, and the code that a check shows for it. */
const LOST_AT: Partial<Record<ErrorCode, { name: Step['name']; code: string }>> = {
  'camera-offline': { name: 'network', code: 'unreachable' },
  'address-not-allowed': { name: 'network', code: 'address-not-allowed' },
  'camera-protocol-error': { name: 'onvif', code: 'protocol-error' },
  'camera-auth-failed': { name: 'auth', code: 'auth-failed' },
  'camera-auth-paused': { name: 'auth', code: 'auth-paused' },
};

/** Checks a camera that nobody has registered, as `checkCamera`; a device that cannot even be read is a failed step. */
export async function checkDraft(
  parts: CheckParts,
  drafts: Drafts,
  body: CameraCheckRequest,
): Promise<CameraCheck> {
  const startedMs = parts.clock.monotonicMs();
  try {
    return await drafts.with(body, (draftId) => checkCamera(parts, draftId));
  } catch (error) {
    const lost = isGatewayError(error) ? LOST_AT[error.code] : undefined;
    if (lost === undefined || !isGatewayError(error)) throw error;
    const ms = Math.round(parts.clock.monotonicMs() - startedMs);
    return verdict([{ ...lost, ok: false, ms, message: error.message }], { clockDriftSec: null });
  }
}
