import { GatewayError, isGatewayError } from '../base/gateway-error.ts';
import type { ErrorCode } from '../base/error-codes.ts';
import type { CameraCheck, CameraCheckRequest } from '../contract/camera.ts';

import type { ControlResult } from '../discovery/onvif/onvif-control.ts';
import type { CameraDevice } from '../fleet/camera-devices.ts';
import { checkCamera, verdict } from './camera-check.ts';
import type { CheckParts } from './camera-check.ts';

type Step = CameraCheck['steps'][number];

/** Keeps a camera that is not registered for the time of one piece of work. */
interface Drafts {
  with<Result>(body: CameraCheckRequest, work: (draftId: string) => Promise<Result>): Promise<Result>;
}

/** Sets the clock of a device; implemented by discovery. */
interface ClockSetter {
  setClock(device: CameraDevice): Promise<ControlResult>;
}

/** The step at which a device is lost whose ONVIF service could not be read, and the code that a check shows for it. */
const LOST_AT: Partial<Record<ErrorCode, { name: Step['name']; code: string }>> = {
  'camera-offline': { name: 'network', code: 'unreachable' },
  'address-not-allowed': { name: 'network', code: 'address-not-allowed' },
  'camera-protocol-error': { name: 'onvif', code: 'protocol-error' },
  'camera-auth-failed': { name: 'auth', code: 'auth-failed' },
  'camera-auth-paused': { name: 'auth', code: 'auth-paused' },
};

/**
 * Checks a camera that nobody has registered, as `checkCamera`; a device that cannot even be read is a failed step. With
 * `setClock` its clock is set first; throws `bad-request` for a camera without ONVIF and `conflict` where it refuses.
 */
export async function checkDraft(
  parts: CheckParts & { drafts: Drafts; control: ClockSetter },
  body: CameraCheckRequest,
): Promise<CameraCheck> {
  const startedMs = parts.clock.monotonicMs();
  try {
    return await parts.drafts.with(body, async (draftId) => {
      if (body.setClock) await setClock(parts, draftId);
      return checkCamera(parts, draftId);
    });
  } catch (error) {
    const lost = isGatewayError(error) ? LOST_AT[error.code] : undefined;
    if (lost === undefined || !isGatewayError(error)) throw error;
    const ms = Math.round(parts.clock.monotonicMs() - startedMs);
    return verdict([{ ...lost, ok: false, ms, message: error.message }], { clockDriftSec: null });
  }
}

async function setClock(
  { devices, control }: Pick<CheckParts, 'devices'> & { control: ClockSetter },
  draftId: string,
): Promise<void> {
  const device = devices.deviceOf(draftId);
  if (!device) throw new GatewayError('bad-request', 'the clock of a camera without ONVIF cannot be set');
  const set = await control.setClock(device);
  if (!set.ok) throw new GatewayError('conflict', `the camera’s clock was not set: ${set.message}`);
}
