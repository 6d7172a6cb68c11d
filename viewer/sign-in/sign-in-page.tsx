import './sign-in.css';
import { useSignal } from '@preact/signals';
import { signIn } from '../api/session.ts';
import { problemText } from '../api/problem-text.ts';
import { chooseLanguage } from '../i18n/choose-language.ts';
import { language, translate } from '../i18n/translate.ts';
import { Icon, Mark } from '../icons/icon.tsx';
import { Lamp } from '../icons/lamp.tsx';
import { DayScene } from './day-scene.tsx';
import { GatewayLamp } from './gateway-lamp.tsx';
import type { TargetedSubmitEvent } from 'preact';

/** Sign-in: the product, one pair of fields, the site's day on a ruler. */
export function SignInPage() {
  return (
    <main class="sign-in">
      <DayScene />
      <section class="sign-in-pane">
        <header>
          <span class="g-brand">
            <Mark />
            <span>{translate('shell.brand')}</span>
            <small>{translate('signIn.product')}</small>
          </span>
          <button
            class="g-btn quiet"
            type="button"
            lang={language.value === 'zh' ? 'en' : 'zh-CN'}
            onClick={() => chooseLanguage(language.value === 'zh' ? 'en' : 'zh')}
          >
            {language.value === 'zh' ? 'English' : '中文'}
          </button>
        </header>
        <SignInForm />
        <footer>
          <p>{translate('signIn.notice')}</p>
          <p class="meta">
            <GatewayLamp />
            <span>{translate('signIn.hosted')}</span>
          </p>
        </footer>
      </section>
    </main>
  );
}

function SignInForm() {
  const username = useSignal('');
  const password = useSignal('');
  const shown = useSignal(false);
  const busy = useSignal(false);
  const fault = useSignal<string | null>(null);
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy.value) return;
    if (username.value === '' || password.value === '') {
      fault.value = translate('signIn.needBoth');
      return;
    }
    busy.value = true;
    fault.value = null;
    try {
      await signIn(username.value, password.value);
    } catch (error) {
      fault.value = problemText(error);
      busy.value = false;
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <div>
        <h1>{translate('signIn.head')}</h1>
        <p>{translate('signIn.lead')}</p>
      </div>
      <div class="g-field">
        <label for="username">{translate('signIn.account')}</label>
        <input
          id="username"
          class="g-input touch"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          autofocus
          value={username.value}
          onInput={(event) => (username.value = event.currentTarget.value)}
        />
      </div>
      <div class="g-field">
        <label for="password">{translate('signIn.password')}</label>
        <div class="sign-in-password">
          <input
            id="password"
            class="g-input touch"
            type={shown.value ? 'text' : 'password'}
            autocomplete="current-password"
            aria-invalid={fault.value !== null}
            aria-describedby="sign-in-fault"
            value={password.value}
            onInput={(event) => (password.value = event.currentTarget.value)}
          />
          <button
            class="tap"
            type="button"
            aria-pressed={shown.value}
            aria-label={shown.value ? translate('signIn.hide') : translate('signIn.show')}
            onClick={() => (shown.value = !shown.value)}
          >
            <Icon name="eye" />
          </button>
        </div>
        <div class="err" id="sign-in-fault" role="alert">
          {fault.value === null ? null : (
            <>
              <Lamp shape="bad" />
              <span>{fault.value}</span>
            </>
          )}
        </div>
      </div>
      <button class="g-btn pri touch" type="submit" aria-busy={busy.value}>
        {translate('signIn.go')}
      </button>
      <p class="sign-in-first dim">{translate('signIn.firstRun')}</p>
    </form>
  );
}
