import { mayKeepRecord } from '../api/session.ts';
import { problemText } from '../api/problem-text.ts';
import { minuteText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp } from '../icons/lamp.tsx';
import type { Snapshot } from '../../gateway/contract/snapshot.ts';
import type { ChainCheck, ChainState } from './chain-check.ts';
import type { TimelineStore } from './timeline-store.ts';

const AROUND = 2;

/** The picture's place in the chain of hashes, and whether the whole chain was found intact. */
export function ChainPanel({ store, chain }: { store: TimelineStore; chain: ChainCheck }) {
  const state = chain.state.value;
  const { value: day } = store.day;
  const own = store.picture.value;
  const all = day.state === 'ready' ? day.value : [];
  const place = all.findIndex(({ id }) => id === own?.id);
  const first = Math.max(0, Math.min(place - AROUND, all.length - 2 * AROUND));
  const links = place < 0 ? [] : all.slice(first, first + 2 * AROUND);
  return (
    <section class="timeline-block" id="timeline-chain">
      <h3>
        <ChainTitle state={state} />
      </h3>
      <ol class="timeline-links">
        {links.map((link) => (
          <Link key={link.id} link={link} own={link.id === own?.id} />
        ))}
      </ol>
      {state.kind === 'broken' ? (
        <p class="g-note bad">
          <Lamp shape="bad" />
          <span>{translate('timeline.chainBroken', { id: state.verdict.firstBadId ?? '—' })}</span>
        </p>
      ) : null}
      {state.kind === 'failed' ? <p class="timeline-error">{problemText(state.error)}</p> : null}
      <p class="timeline-small">{translate('timeline.chainWhy')}</p>
      {mayKeepRecord.value ? (
        <button class="g-btn s" aria-busy={state.kind === 'checking'} onClick={() => void chain.run()}>
          {state.kind === 'checking' ? translate('timeline.checking') : translate('timeline.check')}
        </button>
      ) : null}
    </section>
  );
}

function ChainTitle({ state }: { state: ChainState }) {
  if (state.kind === 'whole')
    return (
      <>
        <Lamp shape="ok" />
        {translate('timeline.chainWhole')}
        <span class="r">
          {translate('timeline.checkedAt', { time: minuteText(state.atMs), count: state.verdict.checked })}
        </span>
      </>
    );
  if (state.kind === 'broken')
    return (
      <>
        <Lamp shape="bad" />
        {translate('timeline.chainBad')}
      </>
    );
  return (
    <>
      <Lamp shape="off" />
      {translate('timeline.chain')}
      <span class="r">{translate('timeline.unchecked')}</span>
    </>
  );
}

function Link({ link, own }: { link: Snapshot; own: boolean }) {
  const { chainHash } = link;
  return (
    <li class={own ? 'me' : undefined} aria-current={own ? 'true' : undefined}>
      <span>{minuteText(Date.parse(link.takenAt))}</span>
      <span class="mono">
        {chainHash.slice(0, 4)} {chainHash.slice(4, 8)} … {chainHash.slice(-4)}
      </span>
    </li>
  );
}
