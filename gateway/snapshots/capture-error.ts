import { GatewayError } from '../base/gateway-error.ts';
import type { ErrorCode } from '../base/error-codes.ts';
import type { Capture, CaptureFailureReason } from './capture.ts';

const CODES: Record<CaptureFailureReason, ErrorCode> = {
  unreachable: 'camera-offline',
  'no-frames': 'camera-offline',
  'rtsp-error': 'camera-protocol-error',
  'auth-failed': 'camera-auth-failed',
  'auth-paused': 'camera-auth-paused',
  'unsupported-codec': 'unsupported-codec',
  damaged: 'ffmpeg-failed',
  'ffmpeg-failed': 'ffmpeg-failed',
  'ffmpeg-missing': 'ffmpeg-missing',
  aborted: 'shutting-down',
};

/** The fault that a caller who asked for one picture now gets. */
export function captureError(cameraName: string, capture: Capture & { ok: false }): GatewayError {
  return new GatewayError(CODES[capture.reason], `no picture of ${cameraName}: ${capture.message}`, {
    details: { reason: capture.reason },
  });
}
