import { pictureUrl } from '../api/gateway.ts';
import { dateText, dayText, minuteText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Blank, LoadError } from '../shell/blank.tsx';
import { now } from '../shell/now.ts';
import { dayRecord } from './day-record.ts';
import type { Snapshot } from '../../gateway/contract/snapshot.ts';
import type { CameraRecord } from './camera-record.ts';
import type { FilmHour, Mark } from './day-record.ts';

const DAY_MS = 24 * 3600_000;
const HOURS = Array.from({ length: 25 }, (_, hour) => hour);

/** The snapshots of one day: a ruler with every picture and gap to scale, and a thumbnail an hour. */
export function DayStrip({ record }: { record: CameraRecord }) {
  const read = record.snapshots.value;
  const calendar = record.calendar.value;
  const told =
    calendar.state === 'ready'
      ? calendar.value.days.find(({ date }) => date === record.day.value)
      : undefined;
  const start = record.dayStartMs();
  const today = record.day.value === dateText(Date.now());
  const snapshots = read.state === 'ready' ? read.value : [];
  const day = dayRecord(snapshots, start, told?.missed ?? null);
  return (
    <section class="camera-day">
      <header>
        <h2>{translate('camera.snapshots')}</h2>
        <span class="dim">
          {translate('camera.dayCount', {
            day: today ? translate('camera.today') : dayText(start),
            taken: snapshots.length,
          })}
        </span>
        {told !== undefined && told.missed > 0 ? (
          <span class="camera-missed">{translate('camera.dayMissed', { missed: told.missed })}</span>
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
      <Ruler marks={day.marks} start={start} record={record} today={today} />
      {read.state === 'failed' ? <LoadError error={read.error} onRetry={record.retryDay} /> : null}
      {read.state === 'loading' ? <FilmSkeleton /> : null}
      {read.state === 'ready' && day.film.length === 0 ? (
        <Blank drawing="gantry" title={translate('camera.noSnapshots')}>
          {translate('camera.noSnapshotsWhy')}
        </Blank>
      ) : null}
      <div class="camera-film">
        {day.film.map((hour) => (
          <Film key={hour.hour} hour={hour} record={record} />
        ))}
      </div>
    </section>
  );
}

function Film({ hour, record }: { hour: FilmHour; record: CameraRecord }) {
  const clock = `${String(hour.hour).padStart(2, '0')}:00`;
  if (hour.snapshot === null) {
    return (
      <span class="camera-hole">
        <span>{translate('camera.missing')}</span>
        <time>{clock}</time>
      </span>
    );
  }
  const { snapshot } = hour;
  return (
    <button
      aria-pressed={sameHour(record.picked.value, snapshot)}
      onClick={() => (record.picked.value = snapshot)}
    >
      <img src={pictureUrl(snapshot.id, 'thumb')} alt="" loading="lazy" />
      <time>{minuteText(Date.parse(snapshot.takenAt))}</time>
    </button>
  );
}

function sameHour(picked: Snapshot | null, snapshot: Snapshot): boolean {
  return picked?.takenAt.slice(0, 13) === snapshot.takenAt.slice(0, 13);
}

interface RulerProps {
  marks: readonly Mark[];
  start: number;
  record: CameraRecord;
  today: boolean;
}

function Ruler({ marks, start, record, today }: RulerProps) {
  const at = (ms: number): string => `${((ms - start) / DAY_MS) * 100}%`;
  const picked = record.picked.value;
  const needle = picked === null ? (today ? now.value : null) : Date.parse(picked.takenAt);
  const pickNear = (event: MouseEvent): void => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const wanted = start + ((event.clientX - left) / width) * DAY_MS;
    record.picked.value = nearest(marks, wanted);
  };
  return (
    <div class="camera-ruler" role="img" aria-label={translate('camera.ruler')}>
      <div onClick={pickNear}>
        <svg aria-hidden="true">
          {marks.map(({ atMs, snapshot }) => (
            <line
              key={atMs}
              class={snapshot === null ? 'hole' : 'taken'}
              x1={at(atMs)}
              x2={at(atMs)}
              y1={3}
              y2={15}
            />
          ))}
          {HOURS.map((hour) => {
            const x = `${(hour / 24) * 100}%`;
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
            <li key={hour} style={{ left: `${(hour / 24) * 100}%` }}>
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
