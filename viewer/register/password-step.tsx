import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { deviceGateway } from '../api/device-gateway.ts';
import { problemText } from '../api/problem-text.ts';
import { credentialSets, loadCredentialSets } from '../credentials/credential-sets-store.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Lamp } from '../icons/lamp.tsx';
import { mayTry } from './found-device.ts';
import { DraftNote } from './draft-note.tsx';
import { SetChoice } from './set-choice.tsx';
import { StepFrame } from './step-frame.tsx';
import { TryList } from './try-list.tsx';
import type { Registration } from './registration.ts';

interface PasswordStepProps {
  registration: Registration;
  /** Begins anew, the draft forgotten. */
  onAnew: () => void;
}

/** Step 2: named sets, or one user name and password for all that were picked, with a verdict for each device. */
export function PasswordStep({ registration, onAnew }: PasswordStepProps) {
  const { search } = registration;
  const ok = search.ready.value.length;
  const rest = search.needy.value.length;
  return (
    <StepFrame
      title={translate('register.step2')}
      lead={translate('register.passwordLead')}
      note={translate('register.readyCount', { ok, rest })}
      actions={
        <>
          <button class="g-btn back" onClick={() => registration.go(1)}>
            {translate('register.previous')}
          </button>
          <button
            class="g-btn pri"
            disabled={ok === 0 || search.trying.value}
            onClick={() => registration.go(3)}
          >
            {rest === 0
              ? translate('register.next', { step: translate('register.step3') })
              : translate('register.skipNeedy', { count: rest })}
          </button>
        </>
      }
    >
      <DraftNote registration={registration} onAnew={onAnew} />
      <div class="register-cred">
        <SignInForm registration={registration} />
        <TryList search={search} />
      </div>
    </StepFrame>
  );
}

function SignInForm({ registration: { search } }: { registration: Registration }) {
  const username = useSignal('admin');
  const password = useSignal('');
  const chosen = useSignal<readonly string[]>([]);
  const keepAs = useSignal<string | null>(null);
  const keepError = useSignal<unknown>(null);
  useEffect(() => void loadCredentialSets().catch(() => {}), []);
  const trying = search.trying.value;
  const error = search.tryError.value ?? keepError.value;
  const typed = password.value === '' ? [] : [{ username: username.value, password: password.value }];
  const nothing = typed.length === 0 && chosen.value.length === 0;
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    keepError.value = null;
    const setIds = [...chosen.value];
    // Kept first: a device then takes the set, which outlives a reload, instead of what was typed.
    if (keepAs.value !== null && keepAs.value.trim() !== '' && typed[0] !== undefined) {
      try {
        const set = await deviceGateway.createCredentialSet({ name: keepAs.value.trim(), ...typed[0] });
        await loadCredentialSets();
        keepAs.value = null;
        password.value = '';
        chosen.value = [...setIds, set.id];
        return await search.trySignIn({ typed: [], setIds: [set.id, ...setIds] });
      } catch (failure) {
        keepError.value = failure;
        return;
      }
    }
    await search.trySignIn({ typed, setIds });
  };
  return (
    <form class="g-panel" onSubmit={(event) => void submit(event)}>
      <SetChoice sets={credentialSets.value ?? []} chosen={chosen} />
      <div class="register-pair">
        <div class="g-field">
          <label for="cred-user">{translate('register.username')}</label>
          <input
            id="cred-user"
            class="g-input"
            autocomplete="off"
            autocapitalize="off"
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
      <div class="register-keep">
        <label class="g-check">
          <input
            type="checkbox"
            checked={keepAs.value !== null}
            onChange={(event) => (keepAs.value = event.currentTarget.checked ? '' : null)}
          />
          {translate('register.keepSet')}
        </label>
        {keepAs.value === null ? null : (
          <input
            class="g-input"
            aria-label={translate('register.keepName')}
            placeholder={translate('register.keepPlaceholder')}
            value={keepAs.value}
            onInput={(event) => (keepAs.value = event.currentTarget.value)}
          />
        )}
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
      <button
        class="g-btn pri"
        aria-busy={trying}
        disabled={trying || nothing || !search.picked.value.some(mayTry)}
      >
        {trying ? null : <Icon name="key" small />}
        {trying ? translate('register.trying') : translate('register.try')}
      </button>
    </form>
  );
}
