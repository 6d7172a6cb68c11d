import './share.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ApiError } from '../api/api-error.ts';
import { request } from '../api/request.ts';
import { durationText } from '../format/duration-text.ts';
import { keepSiteTime } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { Icon, Mark } from '../icons/icon.tsx';
import { Blank, LoadError } from '../shell/blank.tsx';
import { now } from '../shell/now.ts';
import { SharedLive } from './shared-live.tsx';
import { SharedPair } from './shared-pair.tsx';
import type { ShareInfo } from '../../gateway/contract/share.ts';

type Shown =
  | { state: 'asking' }
  | { state: 'ended' }
  | { state: 'failed'; error: unknown }
  | { state: 'open'; info: ShareInfo };

/** The whole page behind a share link: one camera's live view or one pair of pictures, until the link ends. */
export function SharePage({ path }: { path: string }) {
  const shown = useSignal<Shown>({ state: 'asking' });
  const load = async (): Promise<void> => {
    try {
      const info = await request<ShareInfo>('GET', `${path}/info`);
      keepSiteTime({ timeZone: info.timeZone, now: info.now });
      shown.value = { state: 'open', info };
    } catch (error) {
      const ended = error instanceof ApiError && error.status === 404;
      shown.value = ended ? { state: 'ended' } : { state: 'failed', error };
    }
  };
  useEffect(() => void load(), [path]);
  const { value } = shown;
  switch (value.state) {
    case 'asking':
      return <main class="share-page" aria-busy="true" />;
    case 'ended':
      return <Ended />;
    case 'failed':
      return (
        <main class="share-page blank">
          <LoadError error={value.error} onRetry={() => void load()} />
        </main>
      );
    case 'open':
      return <Open path={path} info={value.info} onEnd={() => (shown.value = { state: 'ended' })} />;
    default:
      return value satisfies never;
  }
}

function Ended() {
  return (
    <main class="share-page blank">
      <Blank drawing="lock" title={translate('share.endedHead')}>
        {translate('share.endedWhy')}
      </Blank>
    </main>
  );
}

function Open({ path, info, onEnd }: { path: string; info: ShareInfo; onEnd: () => void }) {
  const name = info.kind === 'live' ? info.cameraName : info.right.cameraName;
  useEffect(() => {
    document.title = `${name} · ${info.projectName}`;
  }, [name, info.projectName]);
  return (
    <main class="share-page">
      <header class="share-head">
        <span class="share-mark">
          <Mark />
          {translate('share.brand')}
        </span>
        <h1>
          {name}
          <small>{info.projectName}</small>
        </h1>
        <TimeLeft endsAt={Date.parse(info.expiresAt)} onEnd={onEnd} />
      </header>
      {info.kind === 'live' ? (
        <SharedLive info={info} onEnd={onEnd} />
      ) : (
        <SharedPair path={path} info={info} />
      )}
      <p class="share-notice">{translate('share.notice')}</p>
    </main>
  );
}

/** Counts down by the gateway's clock and ends the page in time. */
function TimeLeft({ endsAt, onEnd }: { endsAt: number; onEnd: () => void }) {
  const leftMs = endsAt - now.value;
  useEffect(() => {
    if (leftMs <= 0) onEnd();
  }, [leftMs <= 0]);
  return (
    <span class="share-left">
      <Icon name="clock" />
      {translate('share.left', { time: durationText(Math.max(0, leftMs)) })}
    </span>
  );
}
