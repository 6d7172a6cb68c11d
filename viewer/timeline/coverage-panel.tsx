import { useMemo } from 'preact/hooks';
import { dateText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';
import { language, translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { monthAfter, monthView } from '../camera/month-days.ts';
import { LoadError } from '../shell/blank.tsx';
import { MonthBars } from './month-bars.tsx';
import { MonthGaps } from './month-gaps.tsx';
import { FLAG } from './picture-index.ts';
import { daySpan } from './site-days.ts';
import type { MonthDay, MonthView } from '../camera/month-days.ts';
import type { PictureIndex } from './picture-index.ts';
import type { TimelineStore } from './timeline-store.ts';

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** The month as a heat map of coverage, the months before as bars, and what is missing with its reasons. */
export function CoveragePanel({ store }: { store: TimelineStore }) {
  void store.months.arrivals.value;
  const month = store.month.value;
  const read = store.months.get(month);
  const today = dateText(siteNow());
  const index = store.index.value;
  const calendar = read.state === 'ready' ? read.value.calendar : null;
  const view = useMemo(() => monthView(month, calendar, today), [month, calendar, today]);
  const facts = useMemo(() => view.days.map((day) => factsOf(day, index)), [view, index]);
  const [year = '', number = ''] = month.split('-');
  return (
    <aside class="timeline-left" aria-label={translate('timeline.coverage')}>
      <section>
        <Share view={view} known={read.state === 'ready'} />
        <div class="timeline-month">
          <h2>{translate('time.month', { year, month: Number(number) })}</h2>
          <button
            class="g-btn quiet icon s"
            aria-label={translate('camera.previousMonth')}
            onClick={() => store.showMonth(monthAfter(month, -1))}
          >
            <Icon name="back" small />
          </button>
          <button
            class="g-btn quiet icon s"
            aria-label={translate('camera.nextMonth')}
            disabled={month >= today.slice(0, 7)}
            onClick={() => store.showMonth(monthAfter(month, 1))}
          >
            <Icon name="right" small />
          </button>
        </div>
        <div class="timeline-calendar" aria-busy={read.state === 'loading'}>
          {WEEKDAYS.map((weekday) => (
            <span key={weekday} class="weekday" aria-hidden="true">
              {translate(`time.day${weekday}`)}
            </span>
          ))}
          {Array.from({ length: view.lead }, (_, index) => (
            <span key={`lead${index}`} />
          ))}
          {facts.map((ofDay) => (
            <Day key={ofDay.day.date} facts={ofDay} store={store} />
          ))}
        </div>
        <Legend />
        {read.state === 'failed' ? (
          <LoadError error={read.error} onRetry={() => void store.months.want(month)} />
        ) : null}
      </section>
      <MonthBars store={store} />
      <MonthGaps store={store} />
    </aside>
  );
}

function Share({ view, known }: { view: MonthView; known: boolean }) {
  const share = known && view.expected > 0 ? view.taken / view.expected : null;
  return (
    <div class="timeline-share">
      <b>
        {share === null ? '—' : (Math.floor(share * 1000) / 10).toFixed(1)}
        {share === null ? null : <small>%</small>}
      </b>
      <span>
        {translate('camera.coverage')}
        <br />
        {translate('timeline.kept', { count: view.taken })}
      </span>
    </div>
  );
}

/** A day of the calendar with what the index says of it. */
interface DayFacts {
  day: MonthDay;
  hasPictures: boolean;
  hasEvidence: boolean;
}

function factsOf(day: MonthDay, index: PictureIndex): DayFacts {
  const { fromMs, toMs } = daySpan(day.date);
  const first = index.firstFrom(fromMs);
  const end = index.firstFrom(toMs);
  let hasEvidence = false;
  for (let place = first; place < end && !hasEvidence; place += 1)
    hasEvidence = index.has(place, FLAG.milestone);
  return { day, hasPictures: end > first, hasEvidence };
}

function Day({ facts, store }: { facts: DayFacts; store: TimelineStore }) {
  const { day, hasPictures, hasEvidence } = facts;
  const selected = day.date === store.date.value;
  const spoken = language.value;
  return useMemo(() => {
    const words = translate('camera.dayCoverage', { day: day.day, taken: day.taken, missed: day.missed });
    return (
      <button
        data-step={day.step ?? undefined}
        class={day.future ? 'future' : undefined}
        disabled={day.future || !hasPictures}
        aria-pressed={selected}
        aria-label={hasEvidence ? `${words}${translate('timeline.hasEvidence')}` : words}
        onClick={() => store.showDate(day.date)}
      >
        {day.day}
        {hasEvidence ? <i /> : null}
      </button>
    );
  }, [store, facts, selected, spoken]);
}

function Legend() {
  return (
    <div class="timeline-legend" aria-hidden="true">
      {translate('camera.few')}
      <i data-step="1" />
      <i data-step="2" />
      <i data-step="3" />
      <i data-step="4" />
      {translate('camera.full')}
      <span>
        <i data-step="0" />
        {translate('camera.none')}
      </span>
    </div>
  );
}
