import { useEffect, useRef } from 'preact/hooks';
import { translate } from '../i18n/translate.ts';
import type { ComponentChildren } from 'preact';

interface AskOnceProps {
  /** Names the object. */
  question: string;
  /** The verb on the button. */
  confirm: string;
  /** More to decide, between question and buttons. */
  children?: ComponentChildren;
  onConfirm: () => void;
  onCancel: () => void;
}

/** Asks once before something that cannot be taken back; Esc and the way out are first. */
export function AskOnce({ question, confirm, children, onConfirm, onCancel }: AskOnceProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      class="g-dialog shell-ask"
      ref={dialog}
      aria-label={question}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      <p>{question}</p>
      {children}
      <div class="acts">
        <button type="button" class="g-btn" autofocus onClick={onCancel}>
          {translate('shell.cancel')}
        </button>
        <button type="button" class="g-btn danger" onClick={onConfirm}>
          {confirm}
        </button>
      </div>
    </dialog>
  );
}
