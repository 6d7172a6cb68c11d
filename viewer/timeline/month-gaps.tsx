import { useSignal } from '@preact/signals';
import { gapRuns } from '../camera/gap-runs.ts';
import { gapText } from '../camera/gap-text.ts';
import { minuteText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import type { GapRun } from '../camera/gap-runs.ts';
import type { TimelineStore } from './timeline-store.ts';

const SHOWN_AT_FIRST = 6;

/** The month's gaps with their reasons, counted; a line shows the picture next to it. */
export function MonthGaps({ store }: { store: TimelineStore }) {
  void store.months.arrivals.value;
  const all = useSignal(false);
  const read = store.months.get(store.month.value);
  if (read.state !== 'ready') return null;
  const { gaps, calendar } = read.value;
  const runs = gapRuns(gaps);
  const expected = calendar.days.reduce((sum, day) => sum + day.expected, 0);
  const shown = all.value ? runs : runs.slice(0, SHOWN_AT_FIRST);
  return (
    <section>
      <div class="timeline-h3">
        {translate('camera.gaps')}
        <span>{translate('timeline.missingOf', { missing: gaps.length, expected })}</span>
      </div>
      <ul class="timeline-gaps">
        {shown.map((run) => (
          <li key={`${run.fromMs}`}>
            <button onClick={() => store.selectNear(run.fromMs)}>
              <b>{run.date.slice(5)}</b>
              <span>{gapLine(run)}</span>
              <span>{run.count}</span>
            </button>
          </li>
        ))}
      </ul>
      {runs.length > shown.length ? (
        <button class="g-btn s quiet" onClick={() => (all.value = true)}>
          {translate('camera.moreGaps', { count: runs.length - shown.length })}
        </button>
      ) : null}
    </section>
  );
}

function gapLine({ reason, fromMs, toMs, count }: GapRun): string {
  const from = minuteText(fromMs);
  const span = count === 1 ? from : translate('camera.gapSpan', { from, to: minuteText(toMs) });
  return `${span} ${gapText(reason)}`;
}
