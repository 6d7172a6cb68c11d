import { problemText } from '../api/problem-text.ts';
import { gapRuns } from '../camera/gap-runs.ts';
import { gapText } from '../camera/gap-text.ts';
import { minuteText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import type { Project } from '../../gateway/contract/project.ts';
import type { Snapshot } from '../../gateway/contract/snapshot.ts';
import type { TimelineStore } from './timeline-store.ts';

/** What was written on the day: notes, steps, picks, and the gaps that the gateway recorded. */
export function DayNotes({ store, project }: { store: TimelineStore; project: Project | null }) {
  void store.months.arrivals.value;
  const { value: day } = store.day;
  const date = store.restDate.value;
  const month = store.months.get(date.slice(0, 7));
  const gaps = month.state === 'ready' ? gapRuns(month.value.gaps).filter((run) => run.date === date) : [];
  const told = day.state === 'ready' ? day.value.filter(isTold) : [];
  return (
    <section class="timeline-block">
      <h3>
        {translate('timeline.dayNotes')}
        <span class="r">{translate('timeline.entries', { count: told.length + gaps.length })}</span>
      </h3>
      {day.state === 'failed' ? <p class="timeline-error">{problemText(day.error)}</p> : null}
      {day.state === 'loading' ? <div class="g-skel timeline-notes-skel" /> : null}
      {day.state === 'ready' && told.length + gaps.length === 0 ? (
        <p class="timeline-small">{translate('timeline.noNotes')}</p>
      ) : null}
      <ul class="timeline-notes">
        {told.map((snapshot) => (
          <Note key={snapshot.id} snapshot={snapshot} project={project} store={store} />
        ))}
        {gaps.map((run) => (
          <li key={run.fromMs}>
            {translate('timeline.gapNote', {
              from: minuteText(run.fromMs),
              to: minuteText(run.toMs),
              reason: gapText(run.reason),
              count: run.count,
            })}
            <div class="m">
              <span>{translate('timeline.bySystem')}</span>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function isTold({ note, milestoneId, picked }: Snapshot): boolean {
  return note !== null || milestoneId !== null || picked;
}

function Note(props: { snapshot: Snapshot; project: Project | null; store: TimelineStore }) {
  const { snapshot, project, store } = props;
  const atMs = Date.parse(snapshot.takenAt);
  const step = project?.milestones.find(({ id }) => id === snapshot.milestoneId);
  return (
    <li>
      {snapshot.note ?? translate('timeline.noWords')}
      <div class="m">
        <button onClick={() => store.selectNear(atMs)}>{minuteText(atMs)}</button>
        {step === undefined ? null : (
          <span>
            <Icon name="clip" small />
            {step.name}
          </span>
        )}
        {snapshot.picked ? (
          <span>
            <Icon name="check" small />
            {translate('timeline.isPicked')}
          </span>
        ) : null}
      </div>
    </li>
  );
}
