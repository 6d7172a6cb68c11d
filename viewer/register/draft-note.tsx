import { momentText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp } from '../icons/lamp.tsx';
import type { Registration } from './registration.ts';

/** Says that an earlier batch goes on here, and lets go of it. */
export function DraftNote({ registration, onAnew }: { registration: Registration; onAnew: () => void }) {
  const savedMs = registration.resumedMs.value;
  if (savedMs === null) return null;
  return (
    <div class="g-note register-gap register-draft" role="status">
      <Lamp shape="done" />
      <span>{translate('register.resumed', { time: momentText(savedMs, siteNow()) })}</span>
      <button class="g-btn s" onClick={onAnew}>
        {translate('register.anew')}
      </button>
    </div>
  );
}
