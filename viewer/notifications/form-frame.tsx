import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { problemText } from '../api/problem-text.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp } from '../icons/lamp.tsx';
import { say } from '../shell/toast.tsx';
import { loadNotifications } from './notifications-store.ts';

interface FormFrameProps {
  label: string;
  complete: boolean;
  save: () => Promise<unknown>;
  onClose: () => void;
  children: ComponentChildren;
}

/** A form that saves, says so and closes, or shows why it could not. */
export function FormFrame({ label, complete, save, onClose, children }: FormFrameProps) {
  const busy = useSignal(false);
  const fault = useSignal<unknown>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    busy.value = true;
    fault.value = null;
    try {
      await save();
      await loadNotifications();
      say(translate('notify.saved'));
      onClose();
    } catch (failure) {
      fault.value = failure;
    }
    busy.value = false;
  };
  return (
    <form class="notify-form" aria-label={label} onSubmit={(event) => void submit(event)}>
      {children}
      {fault.value === null ? null : (
        <div class="g-field wide">
          <div class="err" role="alert">
            <Lamp shape="bad" />
            <span>{problemText(fault.value)}</span>
          </div>
        </div>
      )}
      <div class="acts">
        <button type="button" class="g-btn" onClick={onClose}>
          {translate('notify.cancel')}
        </button>
        <button class="g-btn pri" disabled={!complete || busy.value} aria-busy={busy.value}>
          {translate('notify.save')}
        </button>
      </div>
    </form>
  );
}
