import { dateText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { monthAfter, monthView } from '../camera/month-days.ts';
import { LoadError } from '../shell/blank.tsx';
import { MonthBars } from './month-bars.tsx';
import { MonthGaps } from './month-gaps.tsx';
import { FLAG } from './picture-index.ts';
import { daySpan } from './site-days.ts';
import type { MonthDay, MonthView } from '../camera/month-days.ts';
import type { TimelineStore } from './timeline-store.ts';

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** The month as a heat map of coverage, the months before as bars, and what is missing with its reasons. */
export function CoveragePanel({ store }: { store: TimelineStore }) {
  void store.months.arrivals.value;
  const month = store.month.value;
  const read = store.months.get(month);
  const today = dateText(siteNow());
  const view = monthView(month, read.state === 'ready' ? read.value.calendar : null, today);
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
          {view.days.map((day) => (
            <Day key={day.date} day={day} store={store} />
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

function Day({ day, store }: { day: MonthDay; store: TimelineStore }) {
  const { fromMs, toMs } = daySpan(day.date);
  const index = store.index.value;
  const first = index.firstFrom(fromMs);
  const end = index.firstFrom(toMs);
  let evidence = false;
  for (let place = first; place < end && !evidence; place += 1) evidence = index.has(place, FLAG.milestone);
  const words = translate('camera.dayCoverage', { day: day.day, taken: day.taken, missed: day.missed });
  return (
    <button
      data-step={day.step ?? undefined}
      class={day.future ? 'future' : undefined}
      disabled={day.future || end === first}
      aria-pressed={day.date === store.date.value}
      aria-label={evidence ? `${words}${translate('timeline.hasEvidence')}` : words}
      onClick={() => store.showDate(day.date)}
    >
      {day.day}
      {evidence ? <i /> : null}
    </button>
  );
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
