import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { evidenceUrl, pictureUrl } from '../api/gateway.ts';
import { mayKeepRecord } from '../api/session.ts';
import { clockText, dateText } from '../format/clock-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { monthAfter } from '../camera/month-days.ts';
import { dayBegins, daySpan } from './site-days.ts';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { TimelineStore } from './timeline-store.ts';

/** The original at once; beside it the watermarked copy and the evidence of the day or month. */
export function DownloadMenu({ store, camera }: { store: TimelineStore; camera: Camera }) {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const away = (event: Event): void => {
      const key = event instanceof KeyboardEvent ? event.key : null;
      if (key !== null ? key === 'Escape' : !root.current?.contains(event.target as Node)) open.value = false;
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('keydown', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('keydown', away);
    };
  }, [open]);
  const id = store.index.value.ids[store.at.value];
  const atMs = store.index.value.timeAt(store.at.value);
  if (id === undefined) return null;
  const name = `${camera.name}_${dateText(atMs)}_${clockText(atMs).replaceAll(':', '')}`;
  return (
    <div class="timeline-download" ref={root}>
      <a class="g-btn pri" href={pictureUrl(id, 'full')} download={`${name}.jpg`}>
        <Icon name="down-to" small />
        <span class="word">{translate('timeline.original')}</span>
      </a>
      <button
        class="g-btn pri icon"
        aria-label={translate('timeline.moreDownloads')}
        aria-expanded={open.value}
        onClick={() => (open.value = !open.value)}
      >
        <Icon name="down" small />
      </button>
      {open.value ? (
        <div class="g-menu">
          <a href={pictureUrl(id, 'full', true)} download={`${name}_watermark.jpg`}>
            {translate('timeline.watermarked')}
          </a>
          {mayKeepRecord.value ? <Evidence store={store} /> : null}
        </div>
      ) : null}
    </div>
  );
}

function Evidence({ store }: { store: TimelineStore }) {
  const date = store.date.value;
  const month = date.slice(0, 7);
  const ofMonth = { fromMs: dayBegins(`${month}-01`), toMs: dayBegins(`${monthAfter(month, 1)}-01`) };
  return (
    <>
      <a href={evidenceUrl(store.cameraId, daySpan(date))} download={`evidence_${date}.zip`}>
        {translate('timeline.evidenceDay', { date })}
      </a>
      <a href={evidenceUrl(store.cameraId, ofMonth)} download={`evidence_${month}.zip`}>
        {translate('timeline.evidenceMonth', { month })}
      </a>
    </>
  );
}
