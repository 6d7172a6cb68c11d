import { dateText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { monthAfter, monthView } from './month-days.ts';
import type { CameraRecord } from './camera-record.ts';
import type { MonthDay } from './month-days.ts';

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** Coverage of a month: the share kept, and a heat square a day to pick the day with. */
export function MonthCalendar({ record }: { record: CameraRecord }) {
  const read = record.calendar.value;
  const month = record.month.value;
  const today = dateText(siteNow());
  const view = monthView(month, read.state === 'ready' ? read.value : null, today);
  const [year = '', number = ''] = month.split('-');
  const share = view.expected === 0 ? null : view.taken / view.expected;
  return (
    <section class="camera-month">
      <div class="camera-coverage">
        <b data-known={share !== null}>
          {share === null ? '—' : (Math.floor(share * 1000) / 10).toFixed(1)}
          {share === null ? null : <small>%</small>}
        </b>
        <span>
          {translate('camera.coverage')}
          <br />
          {translate('camera.kept', { taken: view.taken, expected: view.expected })}
        </span>
      </div>
      <header>
        <h2>{translate('time.month', { year, month: Number(number) })}</h2>
        <button
          class="g-btn quiet icon s"
          aria-label={translate('camera.previousMonth')}
          onClick={() => record.showMonth(monthAfter(month, -1))}
        >
          <Icon name="back" small />
        </button>
        <button
          class="g-btn quiet icon s"
          aria-label={translate('camera.nextMonth')}
          disabled={month >= today.slice(0, 7)}
          onClick={() => record.showMonth(monthAfter(month, 1))}
        >
          <Icon name="right" small />
        </button>
      </header>
      <div class="camera-calendar" aria-busy={read.state === 'loading'}>
        {WEEKDAYS.map((weekday) => (
          <span key={weekday} class="weekday" aria-hidden="true">
            {translate(`time.day${weekday}`)}
          </span>
        ))}
        {Array.from({ length: view.lead }, (_, index) => (
          <span key={`lead${index}`} />
        ))}
        {view.days.map((day) => (
          <Day key={day.date} day={day} record={record} />
        ))}
      </div>
      <div class="camera-legend" aria-hidden="true">
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
    </section>
  );
}

function Day({ day, record }: { day: MonthDay; record: CameraRecord }) {
  return (
    <button
      data-step={day.step ?? undefined}
      disabled={day.future}
      aria-pressed={day.date === record.day.value}
      aria-label={translate('camera.dayCoverage', { day: day.day, taken: day.taken, missed: day.missed })}
      onClick={() => record.showDay(day.date)}
    >
      {day.day}
    </button>
  );
}
