import { useSignal } from '@preact/signals';
import { problemText } from '../api/problem-text.ts';
import { translate } from '../i18n/translate.ts';
import { AskOnce } from '../shell/ask-once.tsx';
import { say } from '../shell/toast.tsx';
import { loadNotifications } from './notifications-store.ts';

interface RowActionsProps {
  name: string;
  onEdit: () => void;
  remove: () => Promise<void>;
}

/** Change and delete, for a channel or a rule. */
export function RowActions({ name, onEdit, remove }: RowActionsProps) {
  const asking = useSignal(false);
  const confirmed = async (): Promise<void> => {
    asking.value = false;
    try {
      await remove();
      say(translate('notify.removed', { name }));
      await loadNotifications();
    } catch (failure) {
      say(problemText(failure));
    }
  };
  return (
    <>
      <button class="g-btn s" aria-label={translate('notify.editNamed', { name })} onClick={onEdit}>
        {translate('notify.edit')}
      </button>
      <button
        class="g-btn s danger"
        aria-label={translate('notify.removeNamed', { name })}
        onClick={() => (asking.value = true)}
      >
        {translate('notify.remove')}
      </button>
      {asking.value ? (
        <AskOnce
          question={translate('notify.removeAsk', { name })}
          confirm={translate('notify.remove')}
          onConfirm={() => void confirmed()}
          onCancel={() => (asking.value = false)}
        />
      ) : null}
    </>
  );
}
