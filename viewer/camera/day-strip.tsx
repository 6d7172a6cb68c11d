import { pictureUrl } from '../api/gateway.ts';
import { dateText, dayText, minuteText } from '../format/clock-text.ts';
import { siteInstant, siteNow } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Blank, LoadError } from '../shell/blank.tsx';
import { now } from '../shell/now.ts';
import { dayRecord, hourOf } from './day-record.ts';
import { gapText } from './gap-text.ts';
import type { Snapshot } from '../../gateway/contract/snapshot.ts';
import type { Span } from '../api/gateway.ts';
import type { CameraRecord, Day } from './camera-record.ts';
import type { FilmHour, Mark } from './day-record.ts';

const NOTHING: Day = { snapshots: [], gaps: [] };
const HOURS = Array.from({ length: 25 }, (_, hour) => hour);

/** The snapshots of one day: a ruler with every picture and gap to scale, and a thumbnail an hour. */
export function DayStrip({ record }: { record: CameraRecord }) {
  const read = record.read.value;
  const span = record.daySpan();
  const today = record.day.value === dateText(siteNow());
  const { snapshots, gaps } = read.state === 'ready' ? read.value : NOTHING;
  const day = dayRecord(snapshots, gaps, span.fromMs);
  return (
    <section class="camera-day">
      <header>
        <h2>{translate('camera.snapshots')}</h2>
        <span class="dim">
          {translate('camera.dayCount', {
            day: today ? translate('camera.today') : dayText(span.fromMs),
            taken: snapshots.length,
          })}
        </span>
        {gaps.length > 0 ? (
          <span class="camera-missed">{translate('camera.dayMissed', { missed: gaps.length })}</span>
        ) : null}
        <span class="spring" />
        <button
          class="g-btn quiet icon"
          aria-label={translate('camera.previousDay')}
          onClick={() => record.turnDay(-1)}
        >
          <Icon name="back" small />
        </button>
        <button
          class="g-btn quiet icon"
          disabled={today}
          aria-label={translate('camera.nextDay')}
          onClick={() => record.turnDay(1)}
        >
          <Icon name="right" small />
        </button>
      </header>
      <Ruler marks={day.marks} span={span} record={record} today={today} />
      {read.state === 'failed' ? <LoadError error={read.error} onRetry={record.retryDay} /> : null}
      {read.state === 'loading' ? <FilmSkeleton /> : null}
      {read.state === 'ready' && day.film.length === 0 ? (
        <Blank drawing="gantry" title={translate('camera.noSnapshots')}>
          {translate('camera.noSnapshotsWhy')}
        </Blank>
      ) : null}
      <div class="camera-film">
        {day.film.map((hour) => (
          <Film key={hour.startMs} hour={hour} record={record} dayStartMs={span.fromMs} />
        ))}
      </div>
    </section>
  );
}

interface FilmProps {
  hour: FilmHour;
  record: CameraRecord;
  dayStartMs: number;
}

function Film({ hour, record, dayStartMs }: FilmProps) {
  const { snapshot } = hour;
  if (snapshot === null) return <Hole hour={hour} />;
  const { picked } = record;
  return (
    <button
      aria-pressed={
        picked.value !== null && hourOf(Date.parse(picked.value.takenAt), dayStartMs) === hour.startMs
      }
      onClick={() => (picked.value = snapshot)}
    >
      <img src={pictureUrl(snapshot.id, 'thumb')} alt="" loading="lazy" />
      <time>{minuteText(Date.parse(snapshot.takenAt))}</time>
    </button>
  );
}

/** An hour without any picture: hatched, with the reason of its first slot. */
function Hole({ hour }: { hour: FilmHour }) {
  const time = minuteText(hour.startMs);
  const why = gapText(hour.gaps[0]?.reason ?? 'internal');
  const label = translate('camera.missingWhy', { time, why });
  return (
    <span class="camera-hole" role="img" aria-label={label} title={label}>
      <span>
        {translate('camera.missing')}
        <small>{why}</small>
      </span>
      <time>{time}</time>
    </span>
  );
}

interface RulerProps {
  marks: readonly Mark[];
  span: Span;
  record: CameraRecord;
  today: boolean;
}

function Ruler({ marks, span, record, today }: RulerProps) {
  const lengthMs = span.toMs - span.fromMs;
  const at = (ms: number): string => `${((ms - span.fromMs) / lengthMs) * 100}%`;
  const atHour = (hour: number): string => at(siteInstant(record.day.value, hour));
  const picked = record.picked.value;
  const needle = picked === null ? (today ? now.value : null) : Date.parse(picked.takenAt);
  const pickNear = (event: MouseEvent): void => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const wanted = span.fromMs + ((event.clientX - left) / width) * lengthMs;
    record.picked.value = nearest(marks, wanted);
  };
  return (
    <div class="camera-ruler" role="img" aria-label={translate('camera.ruler')}>
      <div onClick={pickNear}>
        <svg aria-hidden="true">
          {marks.map(({ atMs, gap }) => (
            <line
              key={atMs}
              class={gap === null ? 'taken' : 'hole'}
              x1={at(atMs)}
              x2={at(atMs)}
              y1={3}
              y2={15}
            />
          ))}
          {HOURS.map((hour) => {
            const x = atHour(hour);
            return (
              <line
                key={hour}
                x1={x}
                x2={x}
                y1={hour % 6 === 0 ? 20 : 26}
                y2={32}
                class={hour % 6 === 0 ? 'major' : ''}
              />
            );
          })}
        </svg>
        {needle === null ? null : <i class="g-needle" style={{ left: at(needle) }} />}
        <ol>
          {[0, 6, 12, 18, 24].map((hour) => (
            <li key={hour} style={{ left: atHour(hour) }}>
              {String(hour).padStart(2, '0')}
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

function nearest(marks: readonly Mark[], wantedMs: number): Snapshot | null {
  let best: Mark | null = null;
  for (const mark of marks) {
    if (mark.snapshot === null) continue;
    if (best === null || Math.abs(mark.atMs - wantedMs) < Math.abs(best.atMs - wantedMs)) best = mark;
  }
  return best?.snapshot ?? null;
}

function FilmSkeleton() {
  return (
    <div class="camera-film" aria-busy="true">
      {[1, 2, 3, 4, 5, 6].map((hour) => (
        <span key={hour} class="g-skel" />
      ))}
    </div>
  );
}
