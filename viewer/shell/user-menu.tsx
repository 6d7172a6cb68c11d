import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { signOut, user } from '../api/session.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Preferences } from './preferences.tsx';
import { roleText } from './role-text.ts';

/** The account button with its menu: who one is, theme, language, sign out. */
export function UserMenu() {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const away = (event: Event) => {
      const key = event instanceof KeyboardEvent ? event.key : null;
      if (key !== null ? key === 'Escape' : !root.current?.contains(event.target as Node)) open.value = false;
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('keydown', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('keydown', away);
    };
  }, [open]);
  const who = user.value;
  if (who === null) return null;
  return (
    <div class="shell-account" ref={root}>
      <button
        class="g-btn quiet icon"
        aria-label={translate('shell.account', { name: who.displayName })}
        aria-expanded={open.value}
        onClick={() => (open.value = !open.value)}
      >
        <Icon name="user" />
      </button>
      {open.value ? (
        <div class="g-menu shell-menu">
          <p class="shell-who">
            <b>{who.displayName}</b>
            <span>
              {who.username}, {roleText(who.role)}
            </span>
          </p>
          <Preferences />
          <button onClick={() => void signOut()}>
            <Icon name="power" small />
            {translate('shell.signOut')}
          </button>
        </div>
      ) : null}
    </div>
  );
}
