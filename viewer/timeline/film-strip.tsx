import { useMemo } from 'preact/hooks';
import { dateText, minuteText } from '../format/clock-text.ts';
import { siteFields } from '../format/site-time.ts';
import { language, translate } from '../i18n/translate.ts';
import { isPhone } from '../shell/is-phone.ts';
import { now } from '../shell/now.ts';
import { dayCells, hourCells } from './film-cells.ts';
import { TileCanvas } from './tile-canvas.tsx';
import type { FilmCell } from './film-cells.ts';
import type { Tile } from './sheet-shelf.ts';
import type { TimelineStore } from './timeline-store.ts';

const COUNT = 12;
const COUNT_ON_PHONE = 6;
const MINUTE_MS = 60_000;

/** The hours of the day of the picture shown. */
export function HourStrip({ store }: { store: TimelineStore }) {
  void store.months.arrivals.value;
  const cells = hourCells(stripOf(store), store.months.gapsOf(store.date.value));
  const today = store.date.value === dateText(now.peek());
  const title = today ? translate('timeline.today') : store.date.value.slice(5);
  return (
    <Strip
      store={store}
      cells={cells}
      title={title}
      rule={translate('timeline.byHour')}
      nameOf={(cell) => `${String(siteFields(cell.atMs).hour).padStart(2, '0')}:00`}
      tileOf={(cell) => {
        const sheet = store.sheetOf(cell.place);
        store.sheets.want(sheet);
        return store.sheets.tile(sheet, store.index.value.ids[cell.place] ?? '');
      }}
    />
  );
}

/** The hour of the picture shown, day by day. */
export function DayStrip({ store }: { store: TimelineStore }) {
  void store.months.arrivals.value;
  const cells = dayCells(stripOf(store), (date) => store.months.gapsOf(date));
  const hour = siteFields(cells.find(({ selected }) => selected)?.atMs ?? 0).hour;
  for (const { atMs } of cells) void store.months.want(dateText(atMs).slice(0, 7));
  return (
    <Strip
      store={store}
      cells={cells}
      title={`${String(hour).padStart(2, '0')}:00`}
      rule={translate('timeline.byDay')}
      nameOf={(cell) => dateText(cell.atMs).slice(5)}
      tileOf={(cell) => {
        const date = dateText(cell.atMs);
        const sheet = { date: date.slice(0, 7), hour };
        store.sheets.want(sheet);
        return (
          store.sheets.tile(sheet, store.index.value.ids[cell.place] ?? '') ??
          store.sheets.tileOfDate(sheet, date)
        );
      }}
    />
  );
}

function stripOf(store: TimelineStore) {
  // By the minute: a strip drawn anew each second would cost frames.
  const nowMs = Math.floor(now.value / MINUTE_MS) * MINUTE_MS;
  const count = isPhone.value ? COUNT_ON_PHONE : COUNT;
  return { index: store.index.value, at: store.at.value, count, nowMs };
}

interface StripProps {
  store: TimelineStore;
  cells: readonly FilmCell[];
  title: string;
  rule: string;
  nameOf: (cell: FilmCell) => string;
  tileOf: (cell: FilmCell) => Tile | null;
}

function Strip({ store, cells, title, rule, nameOf, tileOf }: StripProps) {
  void store.sheets.arrivals.value;
  return (
    <div class="timeline-film" role="group" aria-label={`${title} ${rule}`}>
      <h3>
        {title}
        <br />
        {rule}
      </h3>
      {cells.map((cell, place) => (
        // By place, not by time: cells change what they show while scrubbing, and nothing is made anew.
        <Cell
          key={place}
          cell={cell}
          name={nameOf(cell)}
          tile={cell.kind === 'picture' ? tileOf(cell) : null}
          onPick={() => store.select(cell.place)}
        />
      ))}
    </div>
  );
}

function Cell(props: { cell: FilmCell; name: string; tile: Tile | null; onPick: () => void }) {
  const { cell, name, tile, onPick } = props;
  const { kind, atMs, missing, selected, place } = cell;
  const words = language.value;
  const count = missing > 0 ? translate('timeline.gapCount', { count: missing }) : undefined;
  // The same element again where nothing has changed: most cells stay while one scrubs within a day.
  return useMemo(
    () => (
      <button
        class={`timeline-cell ${kind}`}
        aria-pressed={selected}
        aria-label={cellText(kind, atMs, missing)}
        disabled={kind !== 'picture'}
        onClick={onPick}
      >
        {kind === 'picture' ? <TileCanvas tile={tile} /> : <span class="hole" data-count={count} />}
        {kind === 'picture' && missing > 0 ? <span class="missed" data-count={count} /> : null}
        <time>{name}</time>
      </button>
    ),
    [kind, atMs, missing, selected, place, name, count, words, tile?.bitmap, tile?.x, tile?.y],
  );
}

function cellText(kind: FilmCell['kind'], atMs: number, missing: number): string {
  const time = `${dateText(atMs)} ${minuteText(atMs)}`;
  if (missing > 0) return translate('timeline.cellGap', { time, count: missing });
  if (kind === 'none') return translate('timeline.cellNone', { time });
  return kind === 'later' ? translate('timeline.cellLater', { time }) : time;
}
