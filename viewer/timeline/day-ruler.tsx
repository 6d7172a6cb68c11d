import { useCallback, useMemo } from 'preact/hooks';
import { minuteText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { daySpan, instantAt, minuteOfDay } from './site-days.ts';
import { useScrub } from './use-scrub.ts';
import type { TimelineStore } from './timeline-store.ts';

/** The hours that a day's ruler spans, and what stands on it, in thousandths of its width. */
interface Ruler {
  fromHour: number;
  toHour: number;
  taken: string;
  missing: string;
}

const USUAL = { fromHour: 6, toHour: 20 };
const HALF_WIDTH = 4;

/** The pictures and gaps of a day to scale; dragged, the needle stops at pictures. */
export function DayRuler({ store }: { store: TimelineStore }) {
  const date = store.date.value;
  const index = store.index.value;
  void store.months.arrivals.value;
  const gaps = store.months.gapsOf(date);
  const ruler = useMemo(() => rulerOf(store, date, gaps), [store, date, gaps, index]);
  const atMs = index.timeAt(store.at.value);
  const { fromHour, toHour } = ruler;
  const { onPointerDown, onPointerMove } = useScrub(
    useCallback(
      (share: number) => {
        const span = daySpan(date);
        const minute = (fromHour + share * (toHour - fromHour)) * 60;
        const place = store.index.value.nearest(instantAt(date, minute), span.fromMs, span.toMs);
        if (place >= 0) store.select(place);
      },
      [store, date, fromHour, toHour],
    ),
  );
  const share = Number.isNaN(atMs) ? 0 : (minuteOfDay(atMs) / 60 - fromHour) / (toHour - fromHour);
  return (
    <div
      class="timeline-scrub"
      role="slider"
      tabIndex={0}
      aria-label={translate('timeline.dayRuler')}
      aria-valuemin={fromHour * 60}
      aria-valuemax={toHour * 60}
      aria-valuenow={Number.isNaN(atMs) ? fromHour * 60 : minuteOfDay(atMs)}
      aria-valuetext={Number.isNaN(atMs) ? translate('timeline.none') : minuteText(atMs)}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
    >
      <div class="in">
        <svg viewBox="0 0 1000 34" preserveAspectRatio="none" aria-hidden="true">
          <path class="ticks" d={ticks(fromHour, toHour)} />
          <path class="taken" d={ruler.taken} />
          <path class="missing" d={ruler.missing} />
        </svg>
        <div class="labels" aria-hidden="true">
          {hourLabels(fromHour, toHour).map((hour) => (
            <span key={hour} style={{ left: `${((hour - fromHour) / (toHour - fromHour)) * 100}%` }}>
              {String(hour).padStart(2, '0')}:00
            </span>
          ))}
        </div>
        <i class="g-needle" style={{ left: `${Math.max(0, Math.min(1, share)) * 100}%` }} />
      </div>
    </div>
  );
}

function rulerOf(store: TimelineStore, date: string, gaps: readonly number[]): Ruler {
  if (date === '') return { ...USUAL, taken: '', missing: '' };
  const index = store.index.peek();
  const { fromMs, toMs } = daySpan(date);
  const minutes: number[] = [];
  const end = index.firstFrom(toMs);
  for (let place = index.firstFrom(fromMs); place < end; place += 1)
    minutes.push(minuteOfDay(index.timeAt(place)));
  const missed = gaps.map(minuteOfDay);
  const fromHour = Math.floor(Math.min(USUAL.fromHour * 60, ...minutes, ...missed) / 60);
  const toHour = Math.ceil((Math.max(USUAL.toHour * 60, ...minutes, ...missed) + 1) / 60);
  const x = (minute: number): number => ((minute / 60 - fromHour) / (toHour - fromHour)) * 1000;
  // No mark is wider than its slot allows, so that a dense day stays a row of marks.
  const all = [...minutes, ...missed].sort((a, b) => a - b);
  const apart = all.reduce((least, minute, place) => {
    const gap = minute - (all[place - 1] ?? -Infinity);
    return gap > 0 ? Math.min(least, gap) : least;
  }, 60);
  const half = Math.min(HALF_WIDTH, (x(fromHour * 60 + apart) - x(fromHour * 60)) * 0.35);
  const box = (minute: number): string =>
    `M${(x(minute) - half).toFixed(1)} 4h${(half * 2).toFixed(1)}v12h${(-half * 2).toFixed(1)}z`;
  return { fromHour, toHour, taken: minutes.map(box).join(''), missing: missed.map(box).join('') };
}

function ticks(fromHour: number, toHour: number): string {
  let path = '';
  const sixths = (toHour - fromHour) * 6;
  for (let tick = 0; tick <= sixths; tick += 1)
    path += `M${((tick / sixths) * 1000).toFixed(1)} 34v${tick % 6 === 0 ? -12 : -6}`;
  return path;
}

function hourLabels(fromHour: number, toHour: number): number[] {
  const step = toHour - fromHour > 16 ? 3 : 2;
  const labels: number[] = [];
  for (let hour = Math.ceil(fromHour / step) * step; hour <= toHour; hour += step) labels.push(hour);
  return labels;
}
