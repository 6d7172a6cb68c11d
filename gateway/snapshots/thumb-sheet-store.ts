import type { Kysely } from 'kysely';
import type { Blobs } from '../base/blobs.ts';
import type { Clock } from '../base/clock.ts';
import type { Database } from '../base/database.ts';

type Tables = {
  thumb_sheets: { blob_key: string; camera_id: string; place: string; bytes: number; used_at_ms: number };
};

/** Where a sheet belongs: the camera, and the day or month with its page or hour. */
export interface SheetPlace {
  cameraId: string;
  place: string;
}

const FOLDER = 'sheets';
/** A sheet's last use is written down this often at most: each write costs an fsync. */
const USE_NOTED_MS = 3_600_000;

/** Sheets on disk behind blobs, at most `mostBytes` of them, the longest unused given up first; lives as long as the gateway. */
export class ThumbSheetStore {
  readonly #database: Kysely<Tables>;
  readonly #blobs: Blobs;
  readonly #clock: Clock;
  readonly #mostBytes: number;

  constructor(options: { database: Database; blobs: Blobs; clock: Clock; mostBytes: number }) {
    this.#database = options.database.withTables<Tables>();
    this.#blobs = options.blobs;
    this.#clock = options.clock;
    this.#mostBytes = options.mostBytes;
  }

  /** Removes files that a crash left without a row; the number removed. */
  async sweep(): Promise<number> {
    const rows = await this.#database.selectFrom('thumb_sheets').select('blob_key').execute();
    const known = new Set(rows.map((row) => row.blob_key));
    let swept = 0;
    for await (const key of this.#blobs.list(FOLDER)) {
      if (known.has(key)) continue;
      await this.#blobs.delete(key);
      swept += 1;
    }
    return swept;
  }

  async get(place: SheetPlace, version: string): Promise<Buffer | undefined> {
    const key = keyOf(place, version);
    const row = await this.#database
      .selectFrom('thumb_sheets')
      .select('used_at_ms')
      .where('blob_key', '=', key)
      .executeTakeFirst();
    if (!row) return undefined;
    const now = this.#clock.now();
    if (now - row.used_at_ms > USE_NOTED_MS) {
      await this.#database
        .updateTable('thumb_sheets')
        .set({ used_at_ms: now })
        .where('blob_key', '=', key)
        .execute();
    }
    return this.#blobs.get(key);
  }

  /** Keeps the sheet in place of an older version, and gives up others where there is no room. */
  async put(place: SheetPlace, version: string, bytes: Buffer): Promise<void> {
    const key = keyOf(place, version);
    await this.#remove((await this.#keysOf(place)).filter((old) => old !== key));
    await this.#blobs.put(key, bytes);
    const row = { bytes: bytes.byteLength, used_at_ms: this.#clock.now() };
    await this.#database
      .insertInto('thumb_sheets')
      .values({ blob_key: key, camera_id: place.cameraId, place: place.place, ...row })
      .onConflict((conflict) => conflict.column('blob_key').doUpdateSet(row))
      .execute();
    await this.#makeRoom();
  }

  /** Removes all sheets of a camera. */
  async forget(cameraId: string): Promise<void> {
    const rows = await this.#database
      .selectFrom('thumb_sheets')
      .select('blob_key')
      .where('camera_id', '=', cameraId)
      .execute();
    await this.#remove(rows.map((row) => row.blob_key));
  }

  async #keysOf({ cameraId, place }: SheetPlace): Promise<string[]> {
    const rows = await this.#database
      .selectFrom('thumb_sheets')
      .select('blob_key')
      .where('camera_id', '=', cameraId)
      .where('place', '=', place)
      .execute();
    return rows.map((row) => row.blob_key);
  }

  async #makeRoom(): Promise<void> {
    const { total } = await this.#database
      .selectFrom('thumb_sheets')
      .select((select) => select.fn.sum<number | string | null>('bytes').as('total'))
      .executeTakeFirstOrThrow();
    let excess = Number(total ?? 0) - this.#mostBytes;
    if (excess <= 0) return;
    const oldest = await this.#database
      .selectFrom('thumb_sheets')
      .select(['blob_key', 'bytes'])
      .orderBy('used_at_ms')
      .orderBy('blob_key')
      .limit(1000)
      .execute();
    const given: string[] = [];
    for (const { blob_key: key, bytes } of oldest) {
      if (excess <= 0) break;
      given.push(key);
      excess -= bytes;
    }
    await this.#remove(given);
  }

  /** Rows last: a crash in between leaves a row without file, which is made again, and never a file without row. */
  async #remove(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    for (const key of keys) await this.#blobs.delete(key);
    await this.#database.deleteFrom('thumb_sheets').where('blob_key', 'in', keys).execute();
  }
}

function keyOf({ cameraId, place }: SheetPlace, version: string): string {
  return `${FOLDER}/${cameraId}/${place}-${version}.webp`;
}
