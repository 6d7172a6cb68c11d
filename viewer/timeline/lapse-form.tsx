import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { problemText } from '../api/problem-text.ts';
import { dateText } from '../format/clock-text.ts';
import { secondsText } from '../format/duration-text.ts';
import { bytesText } from '../format/measure-text.ts';
import { dateAfter, siteFields, siteNow } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { Segments } from '../shell/segments.tsx';
import { lapseEstimate } from './lapse-estimate.ts';
import { dayBegins } from './site-days.ts';
import type { LapseEstimate, LapsePace } from './lapse-estimate.ts';
import type { LapseJobs } from './lapse-jobs.ts';
import type { TimelineStore } from './timeline-store.ts';

const FPS = 24;
const HEIGHT = 1080;
const FEW_HOURS_MIN = 180;
type Kind = LapsePace['kind'];

/** Asks for a time-lapse: range and pace, what it will come to before it starts. */
export function LapseForm({ store, jobs }: { store: TimelineStore; jobs: LapseJobs }) {
  const index = store.index.value;
  const from = useSignal(dateText(index.timeAt(0) || siteNow()));
  const to = useSignal(dateText(siteNow()));
  const kind = useSignal<Kind>('day');
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const hour = siteFields(index.timeAt(store.settled.value) || siteNow()).hour;
  const pace = useMemo(() => paceOf(kind.value, hour), [kind.value, hour]);
  const valid = from.value !== '' && to.value !== '' && from.value <= to.value;
  const range = useMemo(
    () => (valid ? { fromMs: dayBegins(from.value), toMs: dayBegins(dateAfter(to.value, 1)) } : null),
    [valid, from.value, to.value],
  );
  const estimate = useMemo(
    () => (range ? lapseEstimate(index, range, pace, FPS) : { pictures: 0, seconds: 0, bytes: 0 }),
    [index, range, pace],
  );
  const start = async (): Promise<void> => {
    if (!range) return;
    busy.value = true;
    problem.value = null;
    try {
      await jobs.begin({
        cameraId: store.cameraId,
        ...timesOf(range),
        ...wishOf(pace),
        fps: FPS,
        height: HEIGHT,
      });
    } catch (error) {
      problem.value = problemText(error);
    }
    busy.value = false;
  };
  return (
    <section class="timeline-block">
      <h3>
        {translate('timeline.lapseTitle')}
        <span class="r">MP4 · H.264</span>
      </h3>
      <form
        class="timeline-form"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <div class="two">
          <DateField
            id="lapse-from"
            label={translate('timeline.from')}
            value={from.value}
            onPick={(date) => (from.value = date)}
          />
          <DateField
            id="lapse-to"
            label={translate('timeline.to')}
            value={to.value}
            onPick={(date) => (to.value = date)}
          />
        </div>
        <div class="g-field">
          <span class="label">{translate('timeline.pace')}</span>
          <Segments
            label={translate('timeline.pace')}
            value={kind.value}
            onPick={(picked) => (kind.value = picked)}
            choices={[
              { value: 'day', label: translate('timeline.paceDay', { hour: `${hour}:00` }) },
              { value: 'minutes', label: translate('timeline.paceHours') },
              { value: 'all', label: translate('timeline.paceAll') },
            ]}
          />
        </div>
        <Estimate estimate={estimate} />
        <p class="timeline-small">{translate('timeline.lapseWhat')}</p>
        {valid ? null : <p class="timeline-error">{translate('timeline.badRange')}</p>}
        {problem.value === null ? null : (
          <p class="timeline-error" role="alert">
            {problem.value}
          </p>
        )}
        <button
          class="g-btn pri"
          type="submit"
          disabled={estimate.pictures < 2 || busy.value}
          aria-busy={busy.value}
        >
          {translate('timeline.lapseStart')}
        </button>
      </form>
    </section>
  );
}

function DateField(props: { id: string; label: string; value: string; onPick: (date: string) => void }) {
  return (
    <div class="g-field">
      <label for={props.id}>{props.label}</label>
      <input
        id={props.id}
        type="date"
        class="g-input"
        value={props.value}
        max={dateText(siteNow())}
        onInput={(event) => props.onPick(event.currentTarget.value)}
      />
    </div>
  );
}

function Estimate({ estimate }: { estimate: LapseEstimate }) {
  return (
    <div class="timeline-estimate" role="status">
      <div>
        {translate('timeline.pictures')}
        <b>{translate('timeline.pictureCount', { count: estimate.pictures })}</b>
      </div>
      <div>
        {translate('timeline.length')}
        <b>{secondsText(estimate.seconds)}</b>
      </div>
      <div>
        {translate('timeline.about')}
        <b>{bytesText(estimate.bytes)}</b>
      </div>
    </div>
  );
}

function paceOf(kind: Kind, hour: number): LapsePace {
  if (kind === 'day') return { kind, hour };
  return kind === 'minutes' ? { kind, everyMin: FEW_HOURS_MIN } : { kind };
}

function wishOf(pace: LapsePace): { hour?: number; everyMin?: number } {
  if (pace.kind === 'day') return { hour: pace.hour };
  return pace.kind === 'minutes' ? { everyMin: pace.everyMin } : {};
}

function timesOf({ fromMs, toMs }: { fromMs: number; toMs: number }): { from: string; to: string } {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
