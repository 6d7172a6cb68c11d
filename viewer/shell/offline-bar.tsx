import { events } from '../fleet/fleet-store.ts';
import { minuteText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp } from '../icons/lamp.tsx';
import { now } from './now.ts';

const GRACE_MS = 3000;

/** The yellow bar while the gateway cannot be reached: how old is what is shown, and a way to try again. */
export function OfflineBar() {
  const { state, since } = events.link.value;
  if (state !== 'lost' || now.value - since < GRACE_MS) return null;
  return (
    <div class="shell-offline" role="status">
      <Lamp shape="warn" />
      <span>{translate('shell.offline', { time: minuteText(since) })}</span>
      <button onClick={() => events.retryNow()}>{translate('shell.retry')}</button>
    </div>
  );
}
