import { Link } from 'wouter-preact';
import { problemCode, problemText } from '../api/problem-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { LampWord } from '../icons/lamp.tsx';
import { StepFrame } from './step-frame.tsx';
import type { Registration, Row } from './registration.ts';

/** Step 4: every camera on its way to the wall, and what became of it. */
export function DoneStep({ registration, onMore }: { registration: Registration; onMore: () => void }) {
  const rows = registration.rows.value;
  const working = registration.working.value;
  const ok = rows.filter(({ state }) => state === 'done').length;
  const failed = rows.filter(({ state }) => state === 'failed').length;
  return (
    <StepFrame
      title={working ? translate('register.doneBusy') : translate('register.doneHead', { ok })}
      lead={translate('register.doneLead')}
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
      <ul class="g-panel register-results" aria-live="polite">
        {rows.map((row) => (
          <li key={row.found.key} data-state={row.state}>
            <Icon name="camera" />
            <span>
              <b>{row.name}</b>
              <span class="dim"> {new URL(row.found.device.xaddr).host}</span>
            </span>
            <Result row={row} />
          </li>
        ))}
      </ul>
    </StepFrame>
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
