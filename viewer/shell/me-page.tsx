import { Link } from 'wouter-preact';
import { isAdmin, signOut, user } from '../api/session.ts';
import { translate } from '../i18n/translate.ts';
import { Preferences } from './preferences.tsx';
import { roleText } from './role-text.ts';

/** The phone's page of the account: who one is, theme, language, sign out. */
export function MePage() {
  const who = user.value;
  if (who === null) return null;
  return (
    <main class="shell-me">
      <h1>{who.displayName}</h1>
      <p class="dim">
        {who.username}, {roleText(who.role)}
      </p>
      <Preferences />
      {isAdmin.value ? (
        <Link class="g-btn touch" href="/notifications">
          {translate('notify.title')}
        </Link>
      ) : null}
      <button class="g-btn touch" onClick={() => void signOut()}>
        {translate('shell.signOut')}
      </button>
    </main>
  );
}
