import type { SnapshotRow } from './snapshot-row.ts';
import type { PagePlace, SnapshotStore } from './snapshot-store.ts';
import { cellAt } from './time-cells.ts';
import type { Period, PeriodCell } from './time-cells.ts';

/** Which pictures to thin, and to what; `fromMs` ≤ time < `toMs`. */
export interface ThinnedQuery {
  cameraId: string;
  fromMs: number;
  toMs: number;
  order: 'asc' | 'desc';
  limit: number;
  every: Period;
  hour: number;
  timeZone: string;
}

/** One picture a period; `nextEdgeMs` is where the next page's range begins (descending: ends). */
export interface ThinnedPage {
  rows: SnapshotRow[];
  nextEdgeMs: number | null;
}

interface Candidate {
  place: PagePlace;
  cell: PeriodCell;
  distanceMs: number;
}

/** Cells a query asks for at once; SQLite allows 500 parts in one compound SELECT. */
const CELLS_AT_ONCE = 60;
/** Within a week or month, days whose nearest picture is about as near count as equal, and the first of them is taken. */
const EQUALLY_NEAR_MS = 30 * 60_000;

/**
 * One picture for each period that has any: the nearest to the local hour. Costs two index look-ups for each day (hour)
 * with pictures, however many pictures there are.
 */
export async function thinnedList(store: SnapshotStore, query: ThinnedQuery): Promise<ThinnedPage> {
  const places: PagePlace[] = [];
  const page = async (nextEdgeMs: number | null): Promise<ThinnedPage> => ({
    rows: await store.atPlaces(query.cameraId, places),
    nextEdgeMs,
  });
  let best: Candidate | undefined;
  for await (const candidate of candidates(store, query)) {
    if (best && best.cell.period !== candidate.cell.period) {
      places.push(best.place);
      best = undefined;
      if (places.length === query.limit) {
        const { startMs, endMs } = candidate.cell;
        return page(query.order === 'asc' ? startMs : endMs);
      }
    }
    if (!best || isNearer(candidate, best, query)) best = candidate;
  }
  if (best) places.push(best.place);
  return page(null);
}

function isNearer(candidate: Candidate, best: Candidate, { every, order }: ThinnedQuery): boolean {
  if (every === 'day' || every === 'hour') return candidate.distanceMs < best.distanceMs;
  const classOf = ({ distanceMs }: Candidate): number => Math.floor(distanceMs / EQUALLY_NEAR_MS);
  // Descending walks see the later days first, and the earlier of equals is to win in both orders.
  return order === 'asc' ? classOf(candidate) < classOf(best) : classOf(candidate) <= classOf(best);
}

/** The nearest picture of each cell that has one, in the query's order. */
async function* candidates(store: SnapshotStore, query: ThinnedQuery): AsyncGenerator<Candidate> {
  let { fromMs, toMs } = query;
  for (;;) {
    const first = await store.edge(query.cameraId, query.order, fromMs, toMs);
    if (!first) return;
    const cells = cellsFrom(first.taken_at_ms, fromMs, toMs, query);
    const places = await store.nearest(query.cameraId, cells);
    for (const cell of cells) {
      const nearest = nearestIn(places, cell);
      if (nearest) yield nearest;
    }
    const last = cells.at(-1);
    if (!last) return;
    if (query.order === 'asc') fromMs = last.endMs;
    else toMs = last.startMs;
  }
}

function cellsFrom(instantMs: number, fromMs: number, toMs: number, query: ThinnedQuery): PeriodCell[] {
  const { every, hour, timeZone, order } = query;
  const cells: PeriodCell[] = [];
  const most = Math.min(CELLS_AT_ONCE, query.limit + 1);
  for (let at = instantMs; cells.length < most && at >= fromMs && at < toMs;) {
    const cell = cellAt(at, every, hour, timeZone);
    at = order === 'asc' ? cell.endMs : cell.startMs - 1;
    cells.push({ ...cell, startMs: Math.max(cell.startMs, fromMs), endMs: Math.min(cell.endMs, toMs) });
  }
  return cells;
}

function nearestIn(places: readonly PagePlace[], cell: PeriodCell): Candidate | undefined {
  let nearest: Candidate | undefined;
  for (const place of places) {
    if (place.takenAtMs < cell.startMs || place.takenAtMs >= cell.endMs) continue;
    const distanceMs = Math.abs(place.takenAtMs - cell.targetMs);
    if (!nearest || distanceMs < nearest.distanceMs) nearest = { place, cell, distanceMs };
  }
  return nearest;
}
