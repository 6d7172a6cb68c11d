import { picturesADay } from '../schedule/schedule-choice.ts';
import { bitrateText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import { targetName } from './target-name.ts';
import type { Registration } from './registration.ts';

/** What the batch comes to: cameras, project, their share of the uplink, pictures a day. */
export function BatchSummary({ registration }: { registration: Registration }) {
  const rows = registration.rows.value;
  const kbps = rows.reduce((sum, { found: { key } }) => sum + mainKbps(registration, key), 0);
  const count = picturesADay(registration.schedule.value);
  const project = targetName(registration.target.value);
  return (
    <span class="register-summary">
      <b>{translate('register.summary', { count: rows.length, project })}</b>
      {kbps === 0 ? null : <> {translate('register.uplink', { rate: bitrateText(kbps) })}</>}
      {count === null ? null : <> {translate('register.pictures', { count: count * rows.length })}</>}
    </span>
  );
}

function mainKbps({ checks }: Registration, key: string): number {
  const check = checks.checks.value.get(key);
  return check?.state === 'done' ? (check.check.main?.bitrateKbps ?? 0) : 0;
}
