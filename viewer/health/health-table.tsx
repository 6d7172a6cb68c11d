import { lampShape } from '../fleet/light-shape.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { LampWord } from '../icons/lamp.tsx';
import { Thumb } from '../player/thumb.tsx';
import { ActionLink, BitrateCell, ReasonCell, SinceCell } from './health-cells.tsx';
import { listedRows, openedId, sort } from './health-state.ts';
import { DayBars, MonthBars } from './history-bars.tsx';
import { overviewById } from './overview-store.ts';
import { useWindow } from './use-window.ts';
import type { HealthRow, HealthSort } from './health-rows.ts';
import type { RefObject } from 'preact';

const ROW_PX = 52;
const COLUMNS = 9;

/** The list of cameras as a table; only rows near the screen are drawn. */
export function HealthTable() {
  const rows = listedRows.value;
  const { list, start, end } = useWindow(rows.length, ROW_PX);
  return (
    <div class="health-table">
      <table class="g-table" aria-rowcount={rows.length + 1}>
        <Head />
        <tbody ref={list as RefObject<HTMLTableSectionElement>}>
          <Gap rows={start} />
          {rows.slice(start, end).map((row, index) => (
            <Row key={row.camera.id} row={row} place={start + index + 2} />
          ))}
          <Gap rows={rows.length - end} />
        </tbody>
      </table>
    </div>
  );
}

function Gap({ rows }: { rows: number }) {
  if (rows <= 0) return null;
  return (
    <tr class="health-gap" aria-hidden="true">
      <td colSpan={COLUMNS} style={{ height: `${rows * ROW_PX}px` }} />
    </tr>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <Sortable by="light" word={translate('health.state')} column="state" />
        <th class="name">{translate('health.camera')}</th>
        <th class="why">{translate('health.whyAndWhat')}</th>
        <Sortable by="since" word={translate('health.lasting')} column="since" />
        <th class="day">
          <span class="axis">
            <span>{translate('health.day')}</span>
            <span>{translate('health.now')}</span>
          </span>
        </th>
        <Sortable by="uptime" word={translate('health.month')} column="month" />
        <th class="rate">{translate('health.bitrate')}</th>
        <th class="picture">{translate('health.picture')}</th>
        <th class="act r">
          <span class="sr">{translate('health.action')}</span>
        </th>
      </tr>
    </thead>
  );
}

function Sortable({ by, word, column }: { by: HealthSort; word: string; column: string }) {
  const chosen = sort.value === by;
  return (
    <th class={column} aria-sort={chosen ? (by === 'light' ? 'descending' : 'ascending') : undefined}>
      <button onClick={() => (sort.value = by)}>
        {word}
        {chosen ? <Icon name="down" small /> : null}
      </button>
    </th>
  );
}

function Row({ row: { camera, project }, place }: { row: HealthRow; place: number }) {
  const item = overviewById.value.get(camera.id);
  return (
    <tr
      aria-rowindex={place}
      data-camera={camera.id}
      data-light={camera.light}
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest('a,button')) openedId.value = camera.id;
      }}
    >
      <td class="state">
        <LampWord shape={lampShape(camera.light)}>{translate(`light.${camera.light}`)}</LampWord>
      </td>
      <td class="name two">
        <button aria-haspopup="dialog" onClick={() => (openedId.value = camera.id)}>
          <b title={camera.name}>{camera.name}</b>
          <span title={project?.name}>{project?.name}</span>
        </button>
      </td>
      <td class="why two">
        <ReasonCell camera={camera} />
      </td>
      <td class="since two">
        <SinceCell camera={camera} />
      </td>
      <td class="day">{item ? <DayBars item={item} light={camera.light} /> : <span class="g-skel bar" />}</td>
      <td class="month">{item ? <MonthBars item={item} /> : <span class="g-skel bar" />}</td>
      <td class="rate">
        <BitrateCell cameraId={camera.id} />
      </td>
      <td class="picture">
        <Thumb camera={camera} age />
      </td>
      <td class="act r">
        <ActionLink camera={camera} />
      </td>
    </tr>
  );
}
