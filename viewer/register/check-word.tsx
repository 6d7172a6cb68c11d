import { lampOf } from '../check/check-findings.ts';
import { translate } from '../i18n/translate.ts';
import { LampWord } from '../icons/lamp.tsx';
import type { DeviceCheck } from './check-run.ts';

/** The verdict on one device in a word: passes, how much is red, how much is advised. */
export function CheckWord({ check }: { check: DeviceCheck | undefined }) {
  if (check === undefined || check.state === 'waiting')
    return <LampWord shape="off">{translate('register.rowWaiting')}</LampWord>;
  if (check.state === 'busy') return <LampWord shape="off">{translate('register.checkBusy')}</LampWord>;
  if (check.state === 'failed') return <LampWord shape="bad">{translate('register.checkFailed')}</LampWord>;
  const shape = lampOf(check.findings);
  if (shape === 'ok') return <LampWord shape="ok">{translate('register.pass')}</LampWord>;
  const count = check.findings.filter(({ level }) => level === shape).length;
  return (
    <LampWord shape={shape}>
      {translate(shape === 'bad' ? 'register.red' : 'register.yellow', { count })}
    </LampWord>
  );
}
