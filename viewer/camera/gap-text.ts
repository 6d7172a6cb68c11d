import { codeText } from '../api/problem-text.ts';
import { fleetTexts } from '../fleet/texts.ts';
import { translate } from '../i18n/translate.ts';

/** Reasons of gaps that are neither a light's nor a request's. */
const OWN = {
  'not-running': 'camera.gapNotRunning',
  damaged: 'camera.gapDamaged',
  aborted: 'camera.gapNotRunning',
} as const;

function isOwn(reason: string): reason is keyof typeof OWN {
  return Object.hasOwn(OWN, reason);
}

function isReason(key: string): key is keyof typeof fleetTexts {
  return Object.hasOwn(fleetTexts, key);
}

/** Why a slot of the schedule has no picture, in plain words. */
export function gapText(reason: string): string {
  if (isOwn(reason)) return translate(OWN[reason]);
  const key = `reason.${reason}`;
  return isReason(key) ? translate(key) : codeText(reason);
}
