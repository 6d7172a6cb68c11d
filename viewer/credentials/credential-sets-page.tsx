import './credentials.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { deviceGateway } from '../api/device-gateway.ts';
import { problemText } from '../api/problem-text.ts';
import { momentText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { AskOnce } from '../shell/ask-once.tsx';
import { Blank, LoadError } from '../shell/blank.tsx';
import { say } from '../shell/toast.tsx';
import { CredentialSetForm } from './credential-set-form.tsx';
import { credentialSets, loadCredentialSets } from './credential-sets-store.ts';
import type { CredentialSet } from '../../gateway/contract/credential-set.ts';

/** Named sign-ins of the gateway: add, change, delete; passwords go in and never come out. */
export function CredentialSetsPage() {
  const error = useSignal<unknown>(null);
  /** The set that is changed, `new` for one that is added. */
  const open = useSignal<string | null>(null);
  const load = (): void => {
    error.value = null;
    loadCredentialSets().catch((failure: unknown) => (error.value = failure));
  };
  useEffect(load, []);
  const sets = credentialSets.value;
  const close = (): void => {
    open.value = null;
  };
  return (
    <main class="credentials">
      <header>
        <Link class="tap" href="/register" aria-label={translate('credentials.back')}>
          <Icon name="back" />
        </Link>
        <div>
          <h1>{translate('credentials.title')}</h1>
          <p>{translate('credentials.lead')}</p>
        </div>
        <button class="g-btn pri" disabled={open.value === 'new'} onClick={() => (open.value = 'new')}>
          <Icon name="plus" small />
          {translate('credentials.add')}
        </button>
      </header>
      {open.value === 'new' ? <CredentialSetForm set={null} onClose={close} /> : null}
      {error.value !== null && sets === null ? <LoadError error={error.value} onRetry={load} /> : null}
      {sets?.length === 0 && open.value === null ? (
        <div class="g-panel">
          <Blank drawing="lock" title={translate('credentials.none')}>
            {translate('credentials.noneWhy')}
          </Blank>
        </div>
      ) : null}
      <ul class="credentials-list" aria-busy={sets === null && error.value === null}>
        {(sets ?? []).map((set) =>
          open.value === set.id ? (
            <li key={set.id}>
              <CredentialSetForm set={set} onClose={close} />
            </li>
          ) : (
            <li key={set.id} class="g-panel">
              <Row set={set} onEdit={() => (open.value = set.id)} />
            </li>
          ),
        )}
      </ul>
    </main>
  );
}

function Row({ set, onEdit }: { set: CredentialSet; onEdit: () => void }) {
  const asking = useSignal(false);
  const remove = async (): Promise<void> => {
    asking.value = false;
    try {
      await deviceGateway.removeCredentialSet(set.id);
      say(translate('credentials.removed', { name: set.name }));
      await loadCredentialSets();
    } catch (failure) {
      say(problemText(failure));
    }
  };
  return (
    <div class="credentials-row">
      <Icon name="key" />
      <div>
        <b>{set.name}</b>
        <span class="dim">
          {set.username} · {translate('credentials.createdAt')}{' '}
          {momentText(Date.parse(set.createdAt), siteNow())}
        </span>
      </div>
      <button
        class="g-btn s"
        aria-label={translate('credentials.editNamed', { name: set.name })}
        onClick={onEdit}
      >
        {translate('credentials.edit')}
      </button>
      <button
        class="g-btn s danger"
        aria-label={translate('credentials.removeNamed', { name: set.name })}
        onClick={() => (asking.value = true)}
      >
        {translate('credentials.remove')}
      </button>
      {asking.value ? (
        <AskOnce
          question={translate('credentials.removeAsk', { name: set.name })}
          confirm={translate('credentials.remove')}
          onConfirm={() => void remove()}
          onCancel={() => (asking.value = false)}
        />
      ) : null}
    </div>
  );
}
