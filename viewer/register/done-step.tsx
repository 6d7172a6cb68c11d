import { useEffect } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { problemCode, problemText } from '../api/problem-text.ts';
import { cameras } from '../fleet/fleet-store.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Lamp, LampWord } from '../icons/lamp.tsx';
import { posterOf, refreshPoster } from '../player/poster-store.ts';
import { Thumb } from '../player/thumb.tsx';
import { hostOf } from './found-device.ts';
import { StepFrame } from './step-frame.tsx';
import type { Row } from './batch.ts';
import type { Registration } from './registration.ts';

/** At most so many pictures; the wall has them all. */
const MOST_PICTURES = 12;
const FIRST_PICTURE_MS = 3000;

interface DoneStepProps {
  registration: Registration;
  /** Begins anew with the next batch. */
  onMore: () => void;
}

/** Step 5: every camera on its way to the wall, its first picture, and what became of it. */
export function DoneStep({ registration, onMore }: DoneStepProps) {
  const rows = registration.rows.value;
  const working = registration.working.value;
  const ok = rows.filter(({ state }) => state === 'done').length;
  const failed = rows.filter(({ state }) => state === 'failed').length;
  const needy = registration.search.needy.value.length;
  return (
    <StepFrame
      title={
        working
          ? translate('register.doneBusy', { ok, total: rows.length })
          : translate('register.doneHead', { ok })
      }
      lead={translate('register.doneLead')}
      note={working ? null : <Outcome failed={failed} />}
      actions={
        <>
          {failed > 0 && !working ? (
            <button class="g-btn" onClick={() => void registration.register()}>
              {translate('register.retryFailed', { count: failed })}
            </button>
          ) : null}
          <button class="g-btn" disabled={working} onClick={onMore}>
            {translate('register.more')}
          </button>
          <Link class="g-btn pri" href="/">
            {translate('register.toWall')}
          </Link>
        </>
      }
    >
      {needy > 0 && !working ? (
        <div class="g-note warn register-gap">
          <Lamp shape="warn" />
          <span>{translate('register.needyLeft', { count: needy })}</span>
        </div>
      ) : null}
      <Pictures rows={rows} />
      <ul class="g-panel register-results" aria-live="polite">
        {rows.map((row) => (
          <li key={row.found.key} data-state={row.state}>
            <Icon name="camera" />
            <span>
              <b>{row.name}</b>
              <span class="dim"> {hostOf(row.found.device)}</span>
            </span>
            <Result row={row} />
          </li>
        ))}
      </ul>
    </StepFrame>
  );
}

function Outcome({ failed }: { failed: number }) {
  if (failed > 0)
    return <LampWord shape="bad">{translate('register.someFailed', { count: failed })}</LampWord>;
  return <LampWord shape="ok">{translate('register.allOnline')}</LampWord>;
}

/** The newest picture of each camera that is registered, with its age. */
function Pictures({ rows }: { rows: readonly Row[] }) {
  const ids = new Set(rows.flatMap(({ cameraId }) => cameraId ?? []));
  const live = cameras.value.filter(({ id }) => ids.has(id)).slice(0, MOST_PICTURES);
  useEffect(() => {
    // The gateway has a first picture of a new camera within seconds; until then it is asked for again and again.
    const timer = setInterval(() => {
      for (const { id } of live) if (!posterOf(id).peek()) refreshPoster(id, FIRST_PICTURE_MS);
    }, FIRST_PICTURE_MS);
    return () => clearInterval(timer);
  }, [live.length]);
  if (live.length === 0) return null;
  return (
    <ul class="register-pictures">
      {live.map((camera) => (
        <li key={camera.id}>
          <Link href={`/cameras/${camera.id}`}>
            <Thumb camera={camera} age />
            <span class="ellip">{camera.name}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Result({ row }: { row: Row }) {
  if (row.state === 'done') return <LampWord shape="ok">{translate('register.rowDone')}</LampWord>;
  if (row.state === 'busy') return <LampWord shape="off">{translate('register.rowBusy')}</LampWord>;
  if (row.state === 'waiting') return <LampWord shape="off">{translate('register.rowWaiting')}</LampWord>;
  return (
    <span class="register-fault">
      <LampWord shape="bad">{problemText(row.error)}</LampWord>
      <span class="mono dim">{problemCode(row.error)}</span>
    </span>
  );
}
