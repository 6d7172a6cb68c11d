import { Link } from 'wouter-preact';
import { severity } from '../fleet/light-shape.ts';
import { reasonAdvice, reasonText } from '../fleet/reason-text.ts';
import { momentText } from '../format/clock-text.ts';
import { durationText } from '../format/duration-text.ts';
import { bitrateText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import { now } from '../shell/now.ts';
import { bitrateOf, lightSince } from './health-state.ts';
import type { Camera } from '../../gateway/contract/camera.ts';

/** Why a camera's light is what it is, what to do, and how many reasons more there are. */
export function ReasonCell({ camera }: { camera: Camera }) {
  const why = reasonText(camera);
  if (why === null) return <span class="dim">{translate('health.allFine')}</span>;
  const others = camera.reasons.length - 1;
  return (
    <>
      <b title={why}>
        {why}
        {others > 0 ? <i>{translate('health.more', { count: others })}</i> : null}
      </b>
      <span title={reasonAdvice(camera) ?? undefined}>{reasonAdvice(camera)}</span>
    </>
  );
}

/** How long a camera has had its light, and since when. */
export function SinceCell({ camera }: { camera: Camera }) {
  const since = lightSince(camera);
  if (since === null) return <span class="dim">—</span>;
  return (
    <>
      <b>{durationText(now.value - since)}</b>
      <span>{translate('health.since', { time: momentText(since, now.value) })}</span>
    </>
  );
}

/** What the running stream of a camera carries. */
export function BitrateCell({ cameraId }: { cameraId: string }) {
  const kbps = bitrateOf(cameraId);
  return kbps === null ? (
    <span class="dim">{translate('health.idle')}</span>
  ) : (
    <span>{bitrateText(kbps)}</span>
  );
}

/** The one thing to do next: see to what is wrong on the camera's page. */
export function ActionLink({ camera }: { camera: Camera }) {
  const isTrouble = severity(camera.light) > 1;
  const isAuth = camera.reasons[0]?.code.startsWith('auth') === true;
  const key = isAuth ? 'health.fixPassword' : isTrouble ? 'health.open' : 'health.view';
  return (
    <Link
      class={isTrouble ? 'g-btn s' : 'g-btn s quiet'}
      href={`/cameras/${camera.id}`}
      aria-label={`${translate(key)} ${camera.name}`}
    >
      {translate(key)}
    </Link>
  );
}
