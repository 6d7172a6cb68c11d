import type { ComponentChildren } from 'preact';
import { problemCode, problemText } from '../api/problem-text.ts';
import { clockText } from '../format/clock-text.ts';
import { siteNow } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';

const DRAWINGS = {
  gantry: 'M8 14h56M16 14v34M56 14v34M8 8h56v6H8zM36 14v12M31 26h10v8H31zM4 48h64',
  screen: 'M10 8h52v34H10zM24 48h24M36 42v6M28 18l16 14M44 18 28 32',
  lock: 'M20 24h32v24H20zM26 24v-6a10 10 0 0 1 20 0v6M36 33v6',
};

interface BlankProps {
  drawing: keyof typeof DRAWINGS;
  title: string;
  children?: ComponentChildren;
  /** At most two buttons. */
  actions?: ComponentChildren;
  code?: string;
}

/** A page or panel without content: what is missing, who fills it, what to do. */
export function Blank({ drawing, title, children, actions, code }: BlankProps) {
  return (
    <div class="g-blank">
      <svg viewBox="0 0 72 56" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true">
        <path d={DRAWINGS[drawing]} />
      </svg>
      <h3>{title}</h3>
      {children ? <p>{children}</p> : null}
      {actions ? <div class="acts">{actions}</div> : null}
      {code ? <span class="mono dim">{code}</span> : null}
    </div>
  );
}

/** A load that failed: the sentence, a retry, and the code in mono. */
export function LoadError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Blank
      drawing="screen"
      title={translate('shell.notLoaded')}
      code={`${problemCode(error)} ${clockText(siteNow())}`}
      actions={
        <button class="g-btn pri" onClick={onRetry}>
          {translate('shell.reload')}
        </button>
      }
    >
      {problemText(error)}
    </Blank>
  );
}
