import type { Camera } from '../../gateway/contract/camera.ts';
import { translate } from '../i18n/translate.ts';

/** The first reason of a camera's light in plain words, or null when there is none. */
export function reasonText(camera: Pick<Camera, 'reasons'>): string | null {
  const reason = camera.reasons[0];
  return reason === undefined ? null : translate(`reason.${reason.code}`);
}

/** What a person can do about the first reason of a camera's light, or null when there is none. */
export function reasonAdvice(camera: Pick<Camera, 'reasons'>): string | null {
  const reason = camera.reasons[0];
  return reason === undefined ? null : translate(`todo.${reason.code}`);
}

/** Since when the camera has had its light, ms since the epoch; null when nothing is wrong. */
export function troubledSince(camera: Pick<Camera, 'reasons'>): number | null {
  const reason = camera.reasons[0];
  return reason === undefined ? null : Date.parse(reason.since);
}
