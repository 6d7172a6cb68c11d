import { useSignal } from '@preact/signals';
import { problemText } from '../api/problem-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Lamp, LampWord } from '../icons/lamp.tsx';
import { MOST_TRIES, isReady, mayTry } from './found-device.ts';
import { StepFrame } from './step-frame.tsx';
import type { FoundDevice } from './found-device.ts';
import type { Registration } from './registration.ts';

/** Step 2: one user name and password for all that were picked, with a verdict a device. */
export function PasswordStep({ registration }: { registration: Registration }) {
  const username = useSignal('admin');
  const password = useSignal('');
  const picked = registration.picked.value;
  const ok = registration.ready.value.length;
  const trying = registration.trying.value;
  const error = registration.tryError.value;
  const submit = (event: Event) => {
    event.preventDefault();
    void registration.tryLogin(username.value, password.value);
  };
  return (
    <StepFrame
      title={translate('register.step2')}
      lead={translate('register.passwordLead')}
      note={translate('register.readyCount', { ok, rest: picked.length - ok })}
      actions={
        <>
          <button class="g-btn" onClick={() => (registration.step.value = 1)}>
            {translate('register.previous')}
          </button>
          <button
            class="g-btn pri"
            disabled={ok === 0 || trying}
            onClick={() => registration.assign(translate('register.patternDefault'))}
          >
            {translate('register.next', { step: translate('register.step3') })}
          </button>
        </>
      }
    >
      <div class="register-cred">
        <form class="g-panel" onSubmit={submit}>
          <div class="register-pair">
            <div class="g-field">
              <label for="cred-user">{translate('register.username')}</label>
              <input
                id="cred-user"
                class="g-input"
                autocomplete="off"
                spellcheck={false}
                value={username.value}
                onInput={(event) => (username.value = event.currentTarget.value)}
              />
            </div>
            <div class="g-field">
              <label for="cred-password">{translate('register.password')}</label>
              <input
                id="cred-password"
                class="g-input"
                type="password"
                autocomplete="new-password"
                value={password.value}
                onInput={(event) => (password.value = event.currentTarget.value)}
              />
            </div>
          </div>
          <p class="dim">{translate('register.keptSafe')}</p>
          {error === null ? null : (
            <div class="g-field">
              <div class="err" role="alert">
                <Lamp shape="bad" />
                <span>{problemText(error)}</span>
              </div>
            </div>
          )}
          <button class="g-btn pri" aria-busy={trying} disabled={trying || !picked.some(mayTry)}>
            {trying ? null : <Icon name="key" small />}
            {trying ? translate('register.trying') : translate('register.try')}
          </button>
        </form>
        <ul class="g-panel register-tries" aria-live="polite">
          {picked.map((found) => (
            <li key={found.key}>
              <span class="ellip">
                {found.device.vendor ?? found.device.name ?? translate('register.unknownVendor')}
                <span class="dim"> {found.device.model}</span>
                <br />
                <span class="dim">{new URL(found.device.xaddr).host}</span>
              </span>
              <Verdict found={found} trying={trying} />
            </li>
          ))}
        </ul>
      </div>
    </StepFrame>
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
  if (found.device.error !== null) {
    return (
      <span title={found.device.error}>
        <LampWord shape="warn">{translate('register.verdictUnknown')}</LampWord>
      </span>
    );
  }
  return <LampWord shape="off">{translate('register.authRequired')}</LampWord>;
}
