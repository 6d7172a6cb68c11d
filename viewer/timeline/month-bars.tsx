import { useEffect } from 'preact/hooks';
import { dateText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';
import { shareText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import { monthAfter } from '../camera/month-days.ts';
import type { TimelineStore } from './timeline-store.ts';

const MONTHS = 8;

interface Bar {
  month: string;
  /** Null while unknown or where nothing was due. */
  share: number | null;
}

/** Coverage of the last eight months, or of the eight up to the month shown when that lies before. */
export function MonthBars({ store }: { store: TimelineStore }) {
  void store.months.arrivals.value;
  const shown = store.month.value;
  const bars = barsOf(store, shown);
  const wanted = bars.map(({ month }) => month).join();
  const ready = store.read.value.state === 'ready';
  useEffect(() => {
    if (!ready) return;
    const read = async (): Promise<void> => {
      // One after the other: the picture's own requests go before these.
      for (const month of wanted.split(',').reverse()) await store.months.want(month);
    };
    void read();
  }, [store, wanted, ready]);
  const known = bars.flatMap(({ share }) => (share === null ? [] : [share]));
  const mean = known.length === 0 ? null : known.reduce((sum, share) => sum + share, 0) / known.length;
  return (
    <section>
      <div class="timeline-h3">
        {translate('timeline.lastMonths')}
        <span>{translate('timeline.average', { share: shareText(mean) })}</span>
      </div>
      <div class="timeline-months">
        {bars.map(({ month, share }) => (
          <button
            key={month}
            aria-pressed={month === shown}
            aria-label={translate('timeline.monthShare', {
              year: month.slice(0, 4),
              month: Number(month.slice(5)),
              share: shareText(share),
            })}
            onClick={() => {
              store.showMonth(month);
              showMonthPicture(store, month);
            }}
          >
            <i style={{ height: `${Math.round((share ?? 0) * 56)}px` }} />
            <span>{Number(month.slice(5))}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

function barsOf(store: TimelineStore, shown: string): Bar[] {
  const thisMonth = dateText(siteNow()).slice(0, 7);
  const last = monthAfter(thisMonth, -(MONTHS - 1)) <= shown ? thisMonth : shown;
  const first = dateText(store.index.value.timeAt(0) || siteNow()).slice(0, 7);
  const months = Array.from({ length: MONTHS }, (_, back) => monthAfter(last, back - MONTHS + 1));
  return months.filter((month) => month >= first).map((month) => ({ month, share: shareOf(store, month) }));
}

function shareOf(store: TimelineStore, month: string): number | null {
  const read = store.months.get(month);
  if (read.state !== 'ready') return null;
  const days = read.value.calendar.days;
  const expected = days.reduce((sum, day) => sum + day.expected, 0);
  return expected === 0 ? null : days.reduce((sum, day) => sum + day.taken, 0) / expected;
}

/** The same day of the month where it has a picture, else the month's last picture. */
function showMonthPicture(store: TimelineStore, month: string): void {
  if (store.showDate(`${month}${store.date.value.slice(7)}`)) return;
  const next = monthAfter(month, 1);
  store.selectNear(Date.parse(`${next}-01T00:00:00Z`) - 1);
}
