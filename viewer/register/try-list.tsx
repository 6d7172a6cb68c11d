import { translate } from '../i18n/translate.ts';
import { LampWord } from '../icons/lamp.tsx';
import { shortName } from './device-name.tsx';
import { MOST_TRIES, hostOf, isReady, mayTry } from './found-device.ts';
import { Preview } from './preview.tsx';
import type { DeviceSearch } from './device-search.ts';
import type { FoundDevice } from './found-device.ts';

/** Every picked device with what came of the sign-in. */
export function TryList({ search }: { search: DeviceSearch }) {
  return (
    <ul class="g-panel register-tries" aria-live="polite">
      {search.picked.value.map((found) => (
        <li key={found.key}>
          <Preview device={found.device} />
          <span class="ellip">
            {shortName(found.device)} <span class="dim">{found.device.model}</span>
            <br />
            <span class="dim">{hostOf(found.device)}</span>
          </span>
          <Verdict found={found} trying={search.trying.value} />
          <Advice found={found} trying={search.trying.value} />
        </li>
      ))}
    </ul>
  );
}

function Verdict({ found, trying }: { found: FoundDevice; trying: boolean }) {
  if (found.login !== null) return <LampWord shape="ok">{translate('register.verdictOk')}</LampWord>;
  if (isReady(found)) return <LampWord shape="ok">{translate('register.verdictOpen')}</LampWord>;
  if (trying && mayTry(found)) return <LampWord shape="off">{translate('register.trying')}</LampWord>;
  if (found.refusals >= MOST_TRIES)
    return <LampWord shape="bad">{translate('register.verdictStopped')}</LampWord>;
  if (found.refusals > 0) {
    const left = MOST_TRIES - found.refusals;
    return <LampWord shape="warn">{translate('register.verdictRejected', { left })}</LampWord>;
  }
  if (found.device.error !== null)
    return <LampWord shape="warn">{translate('register.verdictUnknown')}</LampWord>;
  return <LampWord shape="off">{translate('register.authRequired')}</LampWord>;
}

/** What to do about a device that did not take the password. */
function Advice({ found, trying }: { found: FoundDevice; trying: boolean }) {
  if (trying || isReady(found)) return null;
  if (found.refusals >= MOST_TRIES) return <p>{translate('register.adviceStopped')}</p>;
  if (found.refusals > 0) return <p>{translate('register.adviceRejected')}</p>;
  if (found.device.error !== null) return <p>{translate('register.adviceUnknown')}</p>;
  return null;
}
