import { createHash } from 'node:crypto';
import type { Blobs } from '../base/blobs.ts';
import { toRfc3339 } from '../base/clock.ts';
import { GatewayError } from '../base/gateway-error.ts';
import { instantOf } from '../base/local-time.ts';
import type { ThumbSheet } from '../contract/timeline.ts';
import { Semaphore } from '../ffmpeg/semaphore.ts';
import { dateAfter } from './slots-of-day.ts';
import type { SnapshotRow } from './snapshot-row.ts';
import type { SnapshotStore } from './snapshot-store.ts';
import { makeThumbSheet, sheetLayout } from './thumb-sheet-maker.ts';
import type { SheetPlace, ThumbSheetStore } from './thumb-sheet-store.ts';
import { thinnedList } from './thinned-list.ts';

/** A sheet as asked for: `date` is a day, or a month with one picture a day nearest to `hour`. */
export interface SheetWish {
  cameraId: string;
  date: string;
  page: number;
  hour: number;
}

type SheetPicture = Pick<SnapshotRow, 'id' | 'taken_at_ms' | 'blob_key'>;

interface Plan {
  place: SheetPlace;
  version: string;
  pages: number;
  pictures: readonly SheetPicture[];
}

const MADE_AT_ONCE = 1;
const WAITING = 32;
/** No schedule gives a day more (one picture in 10 s); what lies beyond has no sheet. */
const MOST_A_DAY = sheetLayout.tilesAPage * 100;

/** Thumbnails of a day or a month in one picture, made when first wanted and whenever the day has changed; lives as long as the gateway. */
export class ThumbSheets {
  readonly #store: SnapshotStore;
  readonly #sheets: ThumbSheetStore;
  readonly #blobs: Blobs;
  readonly #timeZone: string;
  readonly #places = new Semaphore(MADE_AT_ONCE, WAITING);
  readonly #making = new Map<string, Promise<Buffer>>();

  constructor(options: { store: SnapshotStore; sheets: ThumbSheetStore; blobs: Blobs; timeZone: string }) {
    this.#store = options.store;
    this.#sheets = options.sheets;
    this.#blobs = options.blobs;
    this.#timeZone = options.timeZone;
  }

  /** Ends when the sheets under way are made; turns away those that wait. */
  async stop(): Promise<void> {
    this.#places.close();
    await Promise.allSettled(this.#making.values());
  }

  /** What stands on the sheet. Throws `not-found` for a page that the day does not have. */
  async describe(wish: SheetWish): Promise<ThumbSheet> {
    const { version, pages, pictures } = await this.#plan(wish);
    const { tileWidth, tileHeight, columns } = sheetLayout;
    return {
      tileWidth,
      tileHeight,
      columns,
      page: wish.page,
      pages,
      version,
      items: pictures.map((row) => ({ id: row.id, takenAt: toRfc3339(row.taken_at_ms) })),
    };
  }

  /** The sheet as WebP. Throws `not-found`, and `too-many-requests` when too many wait to be made. */
  async picture(wish: SheetWish): Promise<{ bytes: Buffer; version: string }> {
    const plan = await this.#plan(wish);
    const kept = await this.#sheets.get(plan.place, plan.version);
    return { bytes: kept ?? (await this.#make(plan)), version: plan.version };
  }

  /** Same wishes at the same time share the work. */
  #make(plan: Plan): Promise<Buffer> {
    const key = JSON.stringify([plan.place, plan.version]);
    const running = this.#making.get(key);
    if (running) return running;
    const making = this.#makeInTurn(plan).finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  async #makeInTurn({ place, version, pictures }: Plan): Promise<Buffer> {
    if (!(await this.#places.enter())) {
      throw new GatewayError('too-many-requests', 'too many sheets are being made: try again in a moment', {
        details: { retryAfterSec: 5 },
      });
    }
    try {
      const bytes = await makeThumbSheet(
        this.#blobs,
        pictures.map((row) => row.blob_key),
      );
      await this.#sheets.put(place, version, bytes);
      return bytes;
    } finally {
      this.#places.leave();
    }
  }

  async #plan(wish: SheetWish): Promise<Plan> {
    const isMonth = wish.date.length === 7;
    const all = isMonth ? await this.#month(wish) : await this.#day(wish);
    const pages = Math.max(1, Math.ceil(all.length / sheetLayout.tilesAPage));
    if (wish.page > pages)
      throw new GatewayError('not-found', `${wish.date} has ${pages} sheet(s), not ${wish.page}`);
    const first = (wish.page - 1) * sheetLayout.tilesAPage;
    const pictures = all.slice(first, first + sheetLayout.tilesAPage);
    const place = isMonth ? `${wish.date}-h${wish.hour}` : `${wish.date}-p${wish.page}`;
    return { place: { cameraId: wish.cameraId, place }, version: versionOf(pictures), pages, pictures };
  }

  #day({ cameraId, date }: SheetWish): Promise<SheetPicture[]> {
    const fromMs = instantOf(date, 0, 0, this.#timeZone);
    const toMs = instantOf(dateAfter(date), 0, 0, this.#timeZone);
    return this.#store.list(cameraId, { fromMs, toMs, order: 'asc', limit: MOST_A_DAY });
  }

  async #month({ cameraId, date, hour }: SheetWish): Promise<SheetPicture[]> {
    const timeZone = this.#timeZone;
    const fromMs = instantOf(`${date}-01`, 0, 0, timeZone);
    let after = `${date}-28`;
    while (after.startsWith(date)) after = dateAfter(after);
    const toMs = instantOf(after, 0, 0, timeZone);
    const query = { cameraId, fromMs, toMs, order: 'asc', limit: 31, every: 'day', hour, timeZone } as const;
    return (await thinnedList(this.#store, query)).rows;
  }
}

function versionOf(pictures: readonly SheetPicture[]): string {
  const { tileWidth, tileHeight, columns } = sheetLayout;
  const hash = createHash('sha256').update(`v1 ${tileWidth} ${tileHeight} ${columns}`);
  for (const { id } of pictures) hash.update(`\n${id}`);
  return hash.digest('hex').slice(0, 16);
}
