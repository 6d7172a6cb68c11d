import type { Page } from '../contract/common.ts';
import type { Snapshot, SnapshotQuery } from '../contract/snapshot.ts';
import { readCursor, writeCursor } from './page-cursor.ts';
import { toSnapshot } from './snapshot-row.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { thinnedList } from './thinned-list.ts';

interface Range {
  fromMs: number;
  toMs: number;
  order: 'asc' | 'desc';
  limit: number;
}

/** Pages of a camera's pictures. */
export class SnapshotLists {
  readonly #store: SnapshotStore;
  readonly #timeZone: string;

  constructor(store: SnapshotStore, timeZone: string) {
    this.#store = store;
    this.#timeZone = timeZone;
  }

  /** A page by time; thinned where the query says so. Throws `bad-request` for a foreign cursor. */
  async list(cameraId: string, query: SnapshotQuery): Promise<Page<Snapshot>> {
    const range = {
      fromMs: query.from === undefined ? -Infinity : Date.parse(query.from),
      toMs: query.to === undefined ? Infinity : Date.parse(query.to),
      order: query.order,
      limit: query.limit,
    };
    const { every } = query;
    if (every) return this.#thinned(cameraId, { ...query, every }, range);
    const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, 'place');
    const place = cursor?.kind === 'place' ? cursor.place : undefined;
    const rows = await this.#store.list(cameraId, { ...range, limit: range.limit + 1, place });
    const shown = rows.slice(0, range.limit);
    const last = shown.at(-1);
    const more = rows.length > shown.length && last;
    return {
      items: shown.map(toSnapshot),
      nextCursor: more
        ? writeCursor({ kind: 'place', place: { takenAtMs: last.taken_at_ms, seq: last.seq } })
        : null,
    };
  }

  async #thinned(
    cameraId: string,
    query: SnapshotQuery & { every: NonNullable<SnapshotQuery['every']> },
    range: Range,
  ): Promise<Page<Snapshot>> {
    const cursor = query.cursor === undefined ? undefined : readCursor(query.cursor, 'edge');
    const bounds = { ...range };
    if (cursor?.kind === 'edge' && query.order === 'asc') bounds.fromMs = cursor.edgeMs;
    if (cursor?.kind === 'edge' && query.order === 'desc') bounds.toMs = cursor.edgeMs;
    const { every, hour } = query;
    const timeZone = this.#timeZone;
    const page = await thinnedList(this.#store, { ...bounds, cameraId, every, hour, timeZone });
    return {
      items: page.rows.map(toSnapshot),
      nextCursor: page.nextEdgeMs === null ? null : writeCursor({ kind: 'edge', edgeMs: page.nextEdgeMs }),
    };
  }
}
