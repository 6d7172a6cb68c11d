import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { clockText, dayText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { LivePlayer } from '../player/live-player.tsx';
import { IDLE } from '../player/live-view.ts';
import { now } from '../shell/now.ts';
import { sharedCamera } from './shared-camera.ts';
import type { ShareInfo } from '../../gateway/contract/share.ts';
import type { LiveMeasures, LiveView } from '../player/live-view.ts';

/** The one camera's live picture with its bar. */
export function SharedLive({
  info,
  onEnd,
}: {
  info: Extract<ShareInfo, { kind: 'live' }>;
  onEnd: () => void;
}) {
  const stage = useRef<HTMLDivElement>(null);
  const muted = useSignal(true);
  const view = useSignal<LiveView>(IDLE);
  const measures = useSignal<LiveMeasures | null>(null);
  const watched = useMemo(() => ({ view, measures }), [view, measures]);
  const denied = useComputed(() => view.value.state === 'denied');
  const camera = useMemo(() => sharedCamera(info), [info]);
  useEffect(() => {
    if (denied.value) onEnd();
  }, [denied.value]);
  return (
    <section class="share-stage" ref={stage}>
      <div class="share-picture">
        <LivePlayer camera={camera} quality="auto" muted={muted.value} window={watched} />
      </div>
      <div class="share-deck">
        <button
          class="tap"
          aria-label={translate(muted.value ? 'share.sound' : 'share.mute')}
          onClick={() => (muted.value = !muted.value)}
        >
          <Icon name={muted.value ? 'mute' : 'sound'} />
        </button>
        {view.value.state === 'playing' ? <span class="g-live">{translate('player.live')}</span> : null}
        <span class="spring" />
        <Clock />
        <button
          class="tap"
          aria-label={translate('share.full')}
          onClick={() =>
            void (document.fullscreenElement ? document.exitFullscreen() : stage.current?.requestFullscreen())
          }
        >
          <Icon name="full" />
        </button>
      </div>
    </section>
  );
}

function Clock() {
  return (
    <span class="share-clock">
      {dayText(now.value)} <b>{clockText(now.value)}</b>
    </span>
  );
}
