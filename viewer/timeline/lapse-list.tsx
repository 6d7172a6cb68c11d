import { useEffect } from 'preact/hooks';
import { problemText } from '../api/problem-text.ts';
import { mayKeepRecord } from '../api/session.ts';
import { dateText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Lamp } from '../icons/lamp.tsx';
import { say } from '../shell/toast.tsx';
import type { Timelapse } from '../../gateway/contract/timelapse.ts';
import type { LapseJobs } from './lapse-jobs.ts';

/** The camera's time-lapses: those under way with their progress, those made to see and take along. */
export function LapseList({ jobs }: { jobs: LapseJobs }) {
  useEffect(() => jobs.start(), [jobs]);
  const read = jobs.jobs.value;
  return (
    <section class="timeline-block">
      <h3>{translate('timeline.lapses')}</h3>
      {read.state === 'failed' ? <p class="timeline-error">{problemText(read.error)}</p> : null}
      {read.state === 'loading' ? <div class="g-skel timeline-notes-skel" /> : null}
      {read.state === 'ready' && read.value.length === 0 ? (
        <p class="timeline-small">{translate('timeline.noLapses')}</p>
      ) : null}
      <ul class="timeline-jobs">
        {read.state === 'ready' ? read.value.map((job) => <Job key={job.id} job={job} jobs={jobs} />) : null}
      </ul>
    </section>
  );
}

function Job({ job, jobs }: { job: Timelapse; jobs: LapseJobs }) {
  const remove = (): void => {
    jobs.remove(job.id).catch((error: unknown) => say(problemText(error)));
  };
  const span = `${dateText(Date.parse(job.from))} – ${dateText(Date.parse(job.to) - 1)}`;
  return (
    <li>
      <div class="row">
        <b>{span}</b>
        <span class="r">{stateText(job)}</span>
      </div>
      {job.state === 'running' || job.state === 'queued' ? (
        <>
          <div
            class="g-prog"
            role="progressbar"
            aria-label={span}
            aria-valuenow={Math.round(job.progress * 100)}
            aria-valuemin={0}
            aria-valuemax={100}
          >
            <i style={{ width: `${job.progress * 100}%` }} />
          </div>
          <p class="timeline-small">{translate('timeline.mayLeave')}</p>
        </>
      ) : null}
      {job.state === 'failed' ? (
        <p class="g-note bad">
          <Lamp shape="bad" />
          <span>{job.error ?? translate('problem.other')}</span>
        </p>
      ) : null}
      {job.url === null ? null : <video src={job.url} controls preload="metadata" playsInline />}
      <div class="acts">
        {job.url === null ? null : (
          <a class="g-btn s" href={job.url} download={`${span}.mp4`}>
            <Icon name="down-to" small />
            {translate('timeline.download')}
          </a>
        )}
        {mayKeepRecord.value ? (
          <button class="g-btn s quiet" onClick={remove}>
            {job.state === 'running' || job.state === 'queued'
              ? translate('timeline.cancel')
              : translate('timeline.remove')}
          </button>
        ) : null}
      </div>
    </li>
  );
}

function stateText(job: Timelapse): string {
  switch (job.state) {
    case 'queued':
      return translate('timeline.queued');
    case 'running':
      return `${translate('timeline.making')} ${Math.round(job.progress * 100)}%`;
    case 'done':
      return translate('timeline.made', { count: job.pictures, skipped: job.skipped });
    case 'failed':
      return translate('timeline.failed');
    case 'cancelled':
      return translate('timeline.cancelled');
    default:
      return job.state satisfies never;
  }
}
