import { minuteText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { LoadError } from '../shell/blank.tsx';
import { gapRuns } from './gap-runs.ts';
import { gapText } from './gap-text.ts';
import type { CameraRecord } from './camera-record.ts';
import type { GapRun } from './gap-runs.ts';

const SHOWN = 8;

/** What is missing in the month shown and why, the newest first; a line opens its day. */
export function GapList({ record }: { record: CameraRecord }) {
  const read = record.monthGaps.value;
  if (read.state === 'failed') {
    return <LoadError error={read.error} onRetry={() => record.showMonth(record.month.value)} />;
  }
  if (read.state === 'loading' || read.value.length === 0) return null;
  const runs = gapRuns(read.value);
  return (
    <section class="camera-gaps">
      <h2>
        {translate('camera.gaps')}
        <span>{translate('camera.dayMissed', { missed: read.value.length })}</span>
      </h2>
      <ul>
        {runs.slice(0, SHOWN).map((run) => (
          <Line key={`${run.fromMs}${run.reason}`} run={run} record={record} />
        ))}
      </ul>
      {runs.length > SHOWN ? <p>{translate('camera.moreGaps', { count: runs.length - SHOWN })}</p> : null}
    </section>
  );
}

function Line({ run, record }: { run: GapRun; record: CameraRecord }) {
  const from = minuteText(run.fromMs);
  const time = run.count === 1 ? from : translate('camera.gapSpan', { from, to: minuteText(run.toMs) });
  return (
    <li>
      <button title={run.message} onClick={() => record.showDay(run.date)}>
        <b>{run.date.slice(5)}</b>
        <span>
          {gapText(run.reason)}
          <small>{time}</small>
        </span>
        <i>{run.count}</i>
      </button>
    </li>
  );
}
