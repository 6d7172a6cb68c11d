import { minuteText, weekdayText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { daySpan } from './site-days.ts';
import type { IconName } from '../icons/icon-names.ts';
import type { TimelineStore } from './timeline-store.ts';

/** Steps by picture and day, plays, keeps to one hour; says which picture of the day this is. */
export function TransportBar({ store }: { store: TimelineStore }) {
  const index = store.index.value;
  const place = store.at.value;
  const atMs = index.timeAt(place);
  const kept = store.keptMinute.value !== null;
  const playing = store.playing.value;
  return (
    <div class="timeline-transport">
      <Step icon="first" label={translate('camera.previousDay')} onClick={() => store.turnDay(-1)} />
      <Step icon="back" label={translate('timeline.previous')} onClick={() => store.step(-1)} />
      <button
        class="g-btn icon"
        aria-label={playing ? translate('timeline.pause') : translate('timeline.play')}
        onClick={() => store.play(!playing)}
      >
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
      <Step icon="right" label={translate('timeline.next')} onClick={() => store.step(1)} />
      <Step icon="last" label={translate('camera.nextDay')} onClick={() => store.turnDay(1)} />
      <b class="now">{Number.isNaN(atMs) ? '—' : minuteText(atMs)}</b>
      <span class="dim">{Number.isNaN(atMs) ? null : countText(store, place, atMs)}</span>
      <span class="spring" />
      <button class="g-btn s" aria-pressed={kept} onClick={() => store.keepHour(!kept)}>
        <Icon name="clock" small />
        {translate('timeline.sameHour')}
      </button>
      <span class="keys dim" aria-hidden="true">
        <kbd>←</kbd> <kbd>→</kbd> {kept ? translate('timeline.byDay') : translate('timeline.byPicture')}{' '}
        <kbd>↑</kbd> <kbd>↓</kbd> {translate('timeline.byDay')}
      </span>
    </div>
  );
}

function countText(store: TimelineStore, place: number, atMs: number): string {
  const { fromMs, toMs } = daySpan(store.date.value);
  const first = store.index.value.firstFrom(fromMs);
  const taken = store.index.value.firstFrom(toMs) - first;
  return translate('timeline.ofDay', { weekday: weekdayText(atMs), nth: place - first + 1, taken });
}

function Step({ icon, label, onClick }: { icon: IconName; label: string; onClick: () => void }) {
  return (
    <button class="g-btn quiet icon" aria-label={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}
