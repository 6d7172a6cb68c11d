import './style/tokens.css';
import './style/tokens-viewer.css';
import './style/base.css';
import './style/components.css';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { startSession, user } from './api/session.ts';
import { App } from './app.tsx';
import { clearFleet, events, loadFleet } from './fleet/fleet-store.ts';
import { startLanguage } from './i18n/choose-language.ts';
import { Sprite } from './icons/sprite.tsx';
import { startTheme } from './shell/theme.ts';

function followUser(): void {
  let userId: string | null = null;
  effect(() => {
    const next = user.value?.id ?? null;
    if (next === userId) return;
    userId = next;
    events.stop();
    queueMicrotask(() => {
      clearFleet();
      if (next === null) return;
      void loadFleet();
      events.start();
    });
  });
}

const root = document.getElementById('app');
if (root !== null) {
  startLanguage();
  startTheme();
  followUser();
  render(
    <>
      <Sprite />
      <App />
    </>,
    root,
  );
  void startSession();
}
