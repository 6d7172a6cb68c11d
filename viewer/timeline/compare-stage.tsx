import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { gateway, pictureUrl } from '../api/gateway.ts';
import { dateText, minuteText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Lamp } from '../icons/lamp.tsx';
import { fetched } from './fetched.ts';
import { daysBetween, monthsBefore } from './site-days.ts';
import { useLoaded } from './use-loaded.ts';
import { Watermark } from './watermark.tsx';
import type { PictureComparison } from '../../gateway/contract/timeline.ts';
import type { Fetched } from './fetched.ts';
import type { TimelineStore } from './timeline-store.ts';

/** Two pictures of the camera over each other with a slider between; warns when the view has moved. */
export function CompareStage({ store }: { store: TimelineStore }) {
  const index = store.index.value;
  const nowId = index.ids[store.at.value] ?? null;
  const thenId = index.ids[store.thenAt.value] ?? null;
  const right = useLoaded(
    nowId !== null && store.settled.value === store.at.value ? pictureUrl(nowId, 'large') : null,
  );
  const left = useLoaded(thenId === null ? null : pictureUrl(thenId, 'large'));
  const cut = useSignal(50);
  if (nowId === null || thenId === null) return <p class="g-note">{translate('timeline.compareNone')}</p>;
  const then = timeText(index.timeAt(store.thenAt.value));
  const now = timeText(index.timeAt(store.at.value));
  return (
    <div
      class="timeline-picture timeline-compare"
      style={{ '--x': `${cut.value}%` }}
      data-ready={left.state === 'ready' && right.state === 'ready'}
    >
      <div class="g-frame">
        {right.state === 'ready' ? <img src={right.url} alt={now} /> : <div class="g-skel fill" />}
        {left.state === 'ready' ? <img class="then" src={left.url} alt={then} /> : null}
        <Watermark id="timeline-mark-2" />
        <input
          type="range"
          min="0"
          max="100"
          value={cut.value}
          aria-label={translate('timeline.compareSlider')}
          aria-valuetext={translate('timeline.compareShare', { share: cut.value, time: then })}
          onInput={(event) => (cut.value = Number(event.currentTarget.value))}
        />
        <span class="bar" />
        <span class="grip">
          <Icon name="lr" small />
        </span>
        <span class="g-plate tl">{then}</span>
        <span class="g-plate tr">{now}</span>
      </div>
    </div>
  );
}

/** Which two pictures, how far apart, how the camera stands; other dates are chosen in similar light. */
export function CompareBar({ store }: { store: TimelineStore }) {
  const index = store.index.value;
  const thenMs = index.timeAt(store.thenAt.value);
  const nowMs = index.timeAt(store.at.value);
  const missing = useSignal<string | null>(null);
  const match = useMatch(store);
  if (Number.isNaN(thenMs) || Number.isNaN(nowMs)) return null;
  const pick = (date: string, found: boolean): void => {
    missing.value = found ? null : date;
  };
  const days = Math.abs(daysBetween(dateText(thenMs), dateText(nowMs)));
  return (
    <div class="timeline-compared">
      <div class="bar">
        <DateChoice
          label={translate('timeline.thenDate')}
          atMs={thenMs}
          onPick={(date) => pick(date, store.compareDate(date))}
        />
        <p>
          {translate('timeline.apart', { count: days })} · <MatchText match={match} store={store} />
        </p>
        <DateChoice
          label={translate('timeline.nowDate')}
          atMs={nowMs}
          onPick={(date) => pick(date, store.showDate(date))}
        />
      </div>
      <div class="spans" role="group" aria-label={translate('timeline.backBy')}>
        {([1, 3, 6, 12] as const).map((months) => (
          <button
            key={months}
            class="g-btn s quiet"
            onClick={() => {
              const date = monthsBefore(store.date.value, months);
              pick(date, store.compareDate(date));
            }}
          >
            {translate('timeline.monthsBack', { count: months })}
          </button>
        ))}
        <button class="g-btn s quiet" onClick={() => store.compareDate(dateText(index.timeAt(0)))}>
          {translate('timeline.fromStart')}
        </button>
        <span class="dim">{translate('timeline.similarLight')}</span>
      </div>
      {missing.value === null ? null : (
        <p class="g-note" role="status">
          {translate('timeline.noPictureOn', { date: missing.value })}
        </p>
      )}
      <MovedWarning match={match} />
    </div>
  );
}

function DateChoice(props: { label: string; atMs: number; onPick: (date: string) => void }) {
  return (
    <label class="date">
      <span class="sr">{props.label}</span>
      <input
        type="date"
        class="g-input"
        value={dateText(props.atMs)}
        max={dateText(siteNow())}
        onChange={(event) => event.currentTarget.value && props.onPick(event.currentTarget.value)}
      />
      <span class="dim">{minuteText(props.atMs)}</span>
    </label>
  );
}

function MatchText({ match, store }: { match: Fetched<PictureComparison>; store: TimelineStore }) {
  if (match.state === 'failed') return <span class="dim">{translate('timeline.matchFailed')}</span>;
  if (match.state === 'loading') return <span class="dim">{translate('timeline.matching')}</span>;
  const { shiftPx } = match.value;
  const width = store.thenPicture.value?.width;
  if (shiftPx === null || width === undefined) return null;
  return <span>{translate('timeline.shift', { share: ((shiftPx / width) * 100).toFixed(1) })}</span>;
}

function MovedWarning({ match }: { match: Fetched<PictureComparison> }) {
  if (match.state !== 'ready' || !match.value.moved) return null;
  return (
    <p class="g-note warn" role="status">
      <Lamp shape="warn" />
      <span>
        {match.value.shiftPx === null ? translate('timeline.noMatch') : translate('timeline.viewMoved')}
      </span>
    </p>
  );
}

/** How the two pictures lie on each other, asked once they rest. */
function useMatch(store: TimelineStore): Fetched<PictureComparison> {
  const match = useSignal<Fetched<PictureComparison>>({ state: 'loading' });
  const left = store.index.value.ids[store.thenAt.value];
  const right = store.index.value.ids[store.settled.value];
  useEffect(() => {
    if (left === undefined || right === undefined) return undefined;
    let wanted = true;
    match.value = { state: 'loading' };
    void fetched(gateway.compare(left, right)).then((told) => {
      if (wanted) match.value = told;
    });
    return () => {
      wanted = false;
    };
  }, [left, right, match]);
  return match.value;
}

function timeText(atMs: number): string {
  return `${dateText(atMs)} ${minuteText(atMs)}`;
}
