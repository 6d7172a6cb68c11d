import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { gateway } from '../api/gateway.ts';
import { problemText } from '../api/problem-text.ts';
import { dateText, minuteText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Segments } from '../shell/segments.tsx';
import { say } from '../shell/toast.tsx';
import type { ShareCreated, ShareTarget } from '../../gateway/contract/share.ts';

const DAY_MS = 86_400_000;

/** Makes a link that opens without sign-in, for a time, to one pair of pictures or one live view. */
export function ShareDialog({ target, onClose }: { target: ShareTarget; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const days = useSignal(7);
  const note = useSignal('');
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const made = useSignal<ShareCreated | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const make = async (): Promise<void> => {
    busy.value = true;
    problem.value = null;
    try {
      const expiresAt = new Date(siteNow() + days.value * DAY_MS).toISOString();
      made.value = await gateway.share(target, expiresAt, note.value.trim());
    } catch (error) {
      problem.value = problemText(error);
    }
    busy.value = false;
  };
  return (
    <dialog ref={dialog} class="g-dialog timeline-dialog" aria-labelledby="timeline-share" onClose={onClose}>
      <h2 id="timeline-share">
        {target.kind === 'pair' ? translate('timeline.sharePair') : translate('timeline.shareLive')}
      </h2>
      <p class="timeline-small">{translate('timeline.shareWhat')}</p>
      {made.value === null ? (
        <form
          class="timeline-form"
          onSubmit={(event) => {
            event.preventDefault();
            void make();
          }}
        >
          <div class="g-field">
            <span class="label">{translate('timeline.expires')}</span>
            <Segments
              label={translate('timeline.expires')}
              value={days.value}
              onPick={(picked) => (days.value = picked)}
              choices={[1, 7, 30].map((value) => ({
                value,
                label: translate('timeline.days', { count: value }),
              }))}
            />
          </div>
          <div class="g-field">
            <label for="timeline-share-note">{translate('timeline.forWhom')}</label>
            <input
              id="timeline-share-note"
              class="g-input"
              maxLength={200}
              value={note.value}
              onInput={(event) => (note.value = event.currentTarget.value)}
            />
          </div>
          {problem.value === null ? null : (
            <p class="timeline-error" role="alert">
              {problem.value}
            </p>
          )}
          <div class="acts">
            <button class="g-btn pri" type="submit" disabled={busy.value} aria-busy={busy.value}>
              {translate('timeline.makeLink')}
            </button>
            <button class="g-btn quiet" type="button" onClick={() => dialog.current?.close()}>
              {translate('timeline.close')}
            </button>
          </div>
        </form>
      ) : (
        <MadeLink made={made.value} onClose={() => dialog.current?.close()} />
      )}
    </dialog>
  );
}

function MadeLink({ made, onClose }: { made: ShareCreated; onClose: () => void }) {
  const url = new URL(made.url, location.origin).href;
  const endsMs = Date.parse(made.expiresAt);
  return (
    <div class="timeline-form">
      <div class="g-field">
        <label for="timeline-share-url">{translate('timeline.link')}</label>
        <input
          id="timeline-share-url"
          class="g-input mono"
          readOnly
          value={url}
          onFocus={(event) => event.currentTarget.select()}
        />
      </div>
      <p class="timeline-small">
        {translate('timeline.linkEnds', { time: `${dateText(endsMs)} ${minuteText(endsMs)}` })}
      </p>
      <div class="acts">
        <button class="g-btn pri" onClick={() => void copyText(url, translate('timeline.linkCopied'))}>
          <Icon name="copy" small />
          {translate('timeline.copyLink')}
        </button>
        <button class="g-btn quiet" onClick={onClose}>
          {translate('timeline.close')}
        </button>
      </div>
    </div>
  );
}

/** Copies to the clipboard and says so; where the browser refuses (no HTTPS), the text is to be copied by hand. */
export async function copyText(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    say(translate('timeline.copyByHand', { text }));
  }
}
