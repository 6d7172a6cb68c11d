import { useSignal } from '@preact/signals';
import { deviceGateway } from '../api/device-gateway.ts';
import { problemText } from '../api/problem-text.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp } from '../icons/lamp.tsx';
import { say } from '../shell/toast.tsx';
import { loadCredentialSets } from './credential-sets-store.ts';
import type { CredentialSet } from '../../gateway/contract/credential-set.ts';

/** Adds a named sign-in (`set` null) or changes one; a password left empty stays as it is. */
export function CredentialSetForm({ set, onClose }: { set: CredentialSet | null; onClose: () => void }) {
  const fields = useSignal({ name: set?.name ?? '', username: set?.username ?? 'admin', password: '' });
  const busy = useSignal(false);
  const fault = useSignal<unknown>(null);
  const { name, username, password } = fields.value;
  const complete = name.trim() !== '' && username !== '' && (set !== null || password !== '');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    busy.value = true;
    fault.value = null;
    try {
      if (set === null) await deviceGateway.createCredentialSet(fields.value);
      else
        await deviceGateway.changeCredentialSet(set.id, {
          name,
          username,
          ...(password === '' ? {} : { password }),
        });
      await loadCredentialSets();
      say(translate('credentials.saved'));
      onClose();
    } catch (failure) {
      fault.value = failure;
    }
    busy.value = false;
  };
  const field = (key: 'name' | 'username' | 'password', placeholder?: string) => (
    <div class="g-field">
      <label for={`set-${key}`}>{translate(`credentials.${key}`)}</label>
      <input
        id={`set-${key}`}
        class="g-input"
        type={key === 'password' ? 'password' : 'text'}
        autocomplete={key === 'password' ? 'new-password' : 'off'}
        autocapitalize="off"
        spellcheck={false}
        maxLength={120}
        placeholder={placeholder}
        value={fields.value[key]}
        onInput={(event) => (fields.value = { ...fields.value, [key]: event.currentTarget.value })}
      />
    </div>
  );
  return (
    <form class="g-panel credentials-form" onSubmit={(event) => void submit(event)}>
      {field('name', translate('credentials.namePlaceholder'))}
      {field('username')}
      {field('password', set === null ? undefined : translate('credentials.keepPassword'))}
      {fault.value === null ? null : (
        <div class="g-field">
          <div class="err" role="alert">
            <Lamp shape="bad" />
            <span>{problemText(fault.value)}</span>
          </div>
        </div>
      )}
      <div class="acts">
        <button type="button" class="g-btn" onClick={onClose}>
          {translate('credentials.cancel')}
        </button>
        <button class="g-btn pri" disabled={!complete || busy.value} aria-busy={busy.value}>
          {translate('credentials.save')}
        </button>
      </div>
    </form>
  );
}
