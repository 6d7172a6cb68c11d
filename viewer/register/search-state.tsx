import { problemCode, problemText } from '../api/problem-text.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp } from '../icons/lamp.tsx';
import { now } from '../shell/now.ts';
import type { DeviceSearch } from './device-search.ts';

/** How far the search is and what it found, or why it failed. */
export function SearchState({ search }: { search: DeviceSearch }) {
  const job = search.job.value;
  const failure = search.error.value ?? (job?.state === 'failed' ? job.error : null);
  if (failure !== null && failure !== undefined) return <SearchFault failure={failure} />;
  if (job === null) return null;
  const { done, total } = job.progress;
  const running = job.state === 'running';
  const found = search.found.value;
  const known = found.filter(({ device }) => device.registeredCameraId !== null).length;
  return (
    <div class="g-panel register-scan register-gap">
      <span role="status">
        <b>{running ? translate('register.searching') : translate('register.searched')}</b>{' '}
        {translate('register.found', { found: found.length, known })}
      </span>
      {total > 1 ? (
        <span class="dim">
          {translate('register.asked', { done, total })}
          {running ? <Left search={search} done={done} total={total} /> : null}
        </span>
      ) : null}
      <div class="g-prog" data-running={running && total < 2}>
        <i style={{ width: running && total > 0 ? `${(done / total) * 100}%` : running ? '30%' : '100%' }} />
      </div>
    </div>
  );
}

/** The time still needed, by the pace so far; nothing in the first seconds. */
function Left({ search, done, total }: { search: DeviceSearch; done: number; total: number }) {
  const spentMs = now.value > 0 ? performance.now() - search.startedMs.value : 0;
  if (done === 0 || spentMs < 2000) return null;
  const seconds = Math.ceil(((spentMs / done) * (total - done)) / 1000);
  return <>, {translate('register.left', { seconds })}</>;
}

function SearchFault({ failure }: { failure: unknown }) {
  const isText = typeof failure === 'string';
  return (
    <div class="g-note bad register-gap" role="alert">
      <Lamp shape="bad" />
      <span>
        {translate('register.failed', { why: isText ? failure : problemText(failure) })}{' '}
        {isText ? null : <span class="mono">{problemCode(failure)}</span>}
      </span>
    </div>
  );
}
