import { lampShape } from '../fleet/light-shape.ts';
import { durationText } from '../format/duration-text.ts';
import { translate } from '../i18n/translate.ts';
import { LampWord } from '../icons/lamp.tsx';
import { Thumb } from '../player/thumb.tsx';
import { now } from '../shell/now.ts';
import { ReasonCell } from './health-cells.tsx';
import { lightSince, listedRows, openedId } from './health-state.ts';
import { DayBars, MonthBars } from './history-bars.tsx';
import { overviewById } from './overview-store.ts';
import { useWindow } from './use-window.ts';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { HealthRow } from './health-rows.ts';
import type { RefObject } from 'preact';

const CARD_PX = 148;

/** The list of cameras on a phone; only cards near the screen are drawn. */
export function HealthCards() {
  const rows = listedRows.value;
  const { list, start, end } = useWindow(rows.length, CARD_PX);
  return (
    <ul
      class="health-cards"
      ref={list as RefObject<HTMLUListElement>}
      style={{ height: `${rows.length * CARD_PX}px` }}
    >
      {rows.slice(start, end).map((row, index) => (
        <Card key={row.camera.id} row={row} topPx={(start + index) * CARD_PX} />
      ))}
    </ul>
  );
}

function Card({ row: { camera, project }, topPx }: { row: HealthRow; topPx: number }) {
  const item = overviewById.value.get(camera.id);
  return (
    <li style={{ top: `${topPx}px` }} data-camera={camera.id} data-light={camera.light}>
      <button aria-haspopup="dialog" onClick={() => (openedId.value = camera.id)}>
        <span class="head">
          <LampWord shape={lampShape(camera.light)}>{translate(`light.${camera.light}`)}</LampWord>
          <For camera={camera} />
        </span>
        <Thumb camera={camera} age />
        <span class="text">
          <b class="ellip">{camera.name}</b>
          <span class="ellip dim">{project?.name}</span>
          <span class="why two">
            <ReasonCell camera={camera} />
          </span>
        </span>
        <span class="bars">
          {item ? (
            <>
              <DayBars item={item} light={camera.light} />
              <MonthBars item={item} />
            </>
          ) : (
            <span class="g-skel bar" />
          )}
        </span>
      </button>
    </li>
  );
}

function For({ camera }: { camera: Camera }) {
  const since = lightSince(camera);
  return <span class="dim">{since === null ? '' : durationText(now.value - since)}</span>;
}
