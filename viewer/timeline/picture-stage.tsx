import { pictureUrl } from '../api/gateway.ts';
import { events } from '../fleet/fleet-store.ts';
import { clockText, dateText } from '../format/clock-text.ts';
import { bytesText, hashText, sizeText } from '../format/measure-text.ts';
import { siteFields } from '../format/site-time.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { TileCanvas } from './tile-canvas.tsx';
import { useLoaded } from './use-loaded.ts';
import { Watermark } from './watermark.tsx';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { Tile } from './sheet-shelf.ts';
import type { TimelineStore } from './timeline-store.ts';
import type { ChainCheck } from './chain-check.ts';

interface StageProps {
  store: TimelineStore;
  camera: Camera;
  projectName: string;
  chain: ChainCheck;
}

/** The picture selected: its thumbnail at once, the large one when it rests; time, place, hash and watermark on it. */
export function PictureStage({ store, camera, projectName, chain }: StageProps) {
  const place = store.at.value;
  const index = store.index.value;
  const id = index.ids[place] ?? null;
  const atRest = store.settled.value === place;
  const large = useLoaded(id !== null && atRest ? pictureUrl(id, 'large') : null);
  const atMs = index.timeAt(place);
  const time = `${dateText(atMs)} ${clockText(atMs)}`;
  const ready = large.state === 'ready';
  const { picture } = store;
  const offline = events.link.value.state === 'lost';
  return (
    <div class={`timeline-picture${offline ? ' offline' : ''}`} data-picture={id} data-ready={ready}>
      <div class="g-frame">
        {ready ? (
          <img src={large.url} alt={translate('timeline.picture', { name: camera.name, time })} />
        ) : (
          <Preview store={store} label={translate('timeline.picture', { name: camera.name, time })} />
        )}
        <Watermark id="timeline-mark" />
        <div class="timeline-osd">
          <b>{time}</b>
          <br />
          {[projectName, camera.name].filter(Boolean).join(' · ')}
        </div>
        {picture.value === null ? null : (
          <div class="timeline-osd low">
            {[
              camera.position,
              sizeText(picture.value.width, picture.value.height),
              bytesText(picture.value.bytes),
            ]
              .filter(Boolean)
              .join(' · ')}
          </div>
        )}
        {large.state === 'failed' ? (
          <p class="timeline-lost" role="alert">
            {translate('timeline.pictureLost')}
          </p>
        ) : null}
      </div>
      {picture.value === null ? null : (
        <button
          class="g-plate timeline-seal"
          title={translate('camera.hashTitle', { hash: picture.value.sha256 })}
          onClick={() => document.getElementById('timeline-chain')?.scrollIntoView({ block: 'nearest' })}
        >
          <Icon name="shield" />
          {chain.state.value.kind === 'whole' ? translate('timeline.sealChecked') : translate('camera.hash')}
          <span class="mono">{hashText(picture.value.chainHash)}</span>
        </button>
      )}
      <button
        class="timeline-edge p"
        aria-label={translate('timeline.previous')}
        onClick={() => store.step(-1)}
      >
        <Icon name="back" />
      </button>
      <button class="timeline-edge n" aria-label={translate('timeline.next')} onClick={() => store.step(1)}>
        <Icon name="right" />
      </button>
    </div>
  );
}

function Preview({ store, label }: { store: TimelineStore; label: string }) {
  return <TileCanvas tile={previewTile(store)} label={label} />;
}

/** The thumbnail of the picture selected, from its day's sheet or, while one runs through days, its month's. */
function previewTile(store: TimelineStore): Tile | null {
  void store.sheets.arrivals.value;
  const place = store.at.value;
  const id = store.index.value.ids[place];
  if (id === undefined) return null;
  const ofDay = store.sheets.tile(store.sheetOf(place), id);
  if (ofDay) return ofDay;
  const date = store.date.value;
  const month = { date: date.slice(0, 7), hour: siteFields(store.index.value.timeAt(place)).hour };
  store.sheets.want(month);
  return store.sheets.tileOfDate(month, date);
}
