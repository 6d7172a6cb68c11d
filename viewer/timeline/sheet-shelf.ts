import { signal } from '@preact/signals';
import { gateway } from '../api/gateway.ts';
import { dateText } from '../format/clock-text.ts';
import type { ThumbSheet } from '../../gateway/contract/timeline.ts';

/** A decoded picture: the browser's `ImageBitmap`. */
export interface Bitmap {
  close(): void;
}

/** Decodes a picture off the page's thread. */
export type Decode = (picture: Blob) => Promise<Bitmap>;

/** A sheet of thumbnails in memory, with the place of each picture on it. */
export interface Sheet {
  bitmap: Bitmap;
  layout: Pick<ThumbSheet, 'tileWidth' | 'tileHeight' | 'columns'>;
  tileOf: ReadonlyMap<string, number>;
  tileOfDate: ReadonlyMap<string, number>;
}

/** A part of a sheet to draw. */
export interface Tile {
  bitmap: Bitmap;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Which sheet: a day's page, or a month at an hour. */
export interface SheetName {
  date: string;
  page?: number;
  hour?: number;
}

/** About 5 MB of pixels each. */
const MOST_SHEETS = 20;
const LOADED_AT_ONCE = 2;
const MOST_WAITING = 6;
/** A sheet that failed or that may have grown is asked for again after this. */
const AGAIN_MS = 15_000;

interface Held {
  sheet: Sheet | null;
  askedAtMs: number;
}

/** Sheets of one camera: loaded on wish, the newest wish first, at most twenty kept; lives as long as its page. */
export class SheetShelf {
  readonly #cameraId: string;
  readonly #decode: Decode;
  readonly #held = new Map<string, Held>();
  #waiting: SheetName[] = [];
  #loading = 0;
  #closed = false;
  /** Grows whenever a sheet has come; who draws tiles reads it. */
  readonly arrivals = signal(0);

  constructor(cameraId: string, decode: Decode) {
    this.#cameraId = cameraId;
    this.#decode = decode;
  }

  /** Gives the memory back. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
    for (const { sheet } of this.#held.values()) sheet?.bitmap.close();
    this.#held.clear();
  }

  /** Asks for a sheet unless it is here, under way or failed just now; `renew` also when it may have grown. */
  want(name: SheetName, renew = false): void {
    const key = keyOf(name);
    const held = this.#held.get(key);
    const fresh = held !== undefined && performance.now() - held.askedAtMs < AGAIN_MS;
    if (held && (fresh || (held.sheet !== null && !renew))) return;
    this.#waiting = this.#waiting.filter((other) => keyOf(other) !== key);
    this.#waiting.push(name);
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    this.#next();
  }

  /** The picture's part of a sheet that is here. */
  tile(name: SheetName, id: string): Tile | null {
    const held = this.#touch(name);
    return held && tileAt(held, held.tileOf.get(id));
  }

  /** The part of a month's sheet that shows a date. */
  tileOfDate(name: SheetName, date: string): Tile | null {
    const held = this.#touch(name);
    return held && tileAt(held, held.tileOfDate.get(date));
  }

  #touch(name: SheetName): Sheet | null {
    const key = keyOf(name);
    const held = this.#held.get(key);
    if (!held?.sheet) return null;
    this.#held.delete(key);
    this.#held.set(key, held);
    return held.sheet;
  }

  #next(): void {
    while (this.#loading < LOADED_AT_ONCE) {
      const name = this.#waiting.pop();
      if (name === undefined) return;
      this.#loading += 1;
      void this.#load(name).finally(() => {
        this.#loading -= 1;
        if (!this.#closed) this.#next();
      });
    }
  }

  async #load(name: SheetName): Promise<void> {
    const key = keyOf(name);
    const before = this.#held.get(key);
    this.#held.set(key, { sheet: before?.sheet ?? null, askedAtMs: performance.now() });
    try {
      const told = await gateway.sheet(this.#cameraId, name);
      const bitmap = await this.#decode(await gateway.sheetPicture(this.#cameraId, name, told.version));
      if (this.#closed) return bitmap.close();
      before?.sheet?.bitmap.close();
      this.#held.set(key, { sheet: sheetOf(told, bitmap), askedAtMs: performance.now() });
      this.#trim();
      this.arrivals.value += 1;
    } catch {
      // A tile that does not come stays a plain place; the large picture says what is wrong.
    }
  }

  #trim(): void {
    for (const [key, { sheet }] of this.#held) {
      if (this.#held.size <= MOST_SHEETS) return;
      sheet?.bitmap.close();
      this.#held.delete(key);
    }
  }
}

function sheetOf(told: ThumbSheet, bitmap: Bitmap): Sheet {
  const tileOf = new Map<string, number>();
  const tileOfDate = new Map<string, number>();
  for (const [tile, { id, takenAt }] of told.items.entries()) {
    tileOf.set(id, tile);
    tileOfDate.set(dateText(Date.parse(takenAt)), tile);
  }
  return { bitmap, layout: told, tileOf, tileOfDate };
}

function tileAt({ bitmap, layout }: Sheet, tile: number | undefined): Tile | null {
  if (tile === undefined) return null;
  const { tileWidth: width, tileHeight: height, columns } = layout;
  return { bitmap, width, height, x: (tile % columns) * width, y: Math.floor(tile / columns) * height };
}

function keyOf({ date, page = 1, hour = 12 }: SheetName): string {
  return date.length === 7 ? `${date} ${hour}` : `${date} p${page}`;
}
