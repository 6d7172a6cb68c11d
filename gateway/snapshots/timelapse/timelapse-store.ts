import type { Kysely } from 'kysely';
import type { Database } from '../../base/database.ts';
import type { PictureQuality } from '../../contract/snapshot.ts';
import type { TimelapsePicture } from './choose-pictures.ts';
import type { TimelapseRow } from './timelapse-row.ts';

// A type, not an interface: Kysely asks for an index signature.
type Tables = {
  timelapses: TimelapseRow;
  snapshots: {
    camera_id: string;
    seq: number;
    taken_at_ms: number;
    luma: number;
    verdict: PictureQuality['verdict'];
    blob_key: string;
  };
};

/** Where a page of the list, newest first, goes on. */
export interface ListPlace {
  createdAtMs: number;
  id: string;
}

const PICTURES_AT_ONCE = 1000;

/** Reads and writes the rows of time-lapses, and reads the pictures that they are made of; lives as long as the gateway. */
export class TimelapseStore {
  readonly #database: Kysely<Tables>;

  constructor(database: Database) {
    this.#database = database.withTables<Tables>();
  }

  async insert(row: TimelapseRow): Promise<void> {
    await this.#database.insertInto('timelapses').values(row).execute();
  }

  get(id: string): Promise<TimelapseRow | undefined> {
    return this.#database.selectFrom('timelapses').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** Newest first; `cameraIds` null means all. */
  async list(cameraIds: readonly string[] | null, limit: number, after?: ListPlace): Promise<TimelapseRow[]> {
    if (cameraIds?.length === 0) return [];
    let query = this.#database.selectFrom('timelapses').selectAll();
    if (cameraIds) query = query.where('camera_id', 'in', cameraIds);
    if (after) {
      query = query.where((is) =>
        is.or([
          is('created_at_ms', '<', after.createdAtMs),
          is.and([is('created_at_ms', '=', after.createdAtMs), is('id', '<', after.id)]),
        ]),
      );
    }
    return query.orderBy('created_at_ms', 'desc').orderBy('id', 'desc').limit(limit).execute();
  }

  /** All in one of the states, the oldest first. */
  inState(states: readonly TimelapseRow['state'][]): Promise<TimelapseRow[]> {
    return this.#database
      .selectFrom('timelapses')
      .selectAll()
      .where('state', 'in', states)
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute();
  }

  /** Changes a row that is still in one of the states; undefined when it is not. */
  async update(
    id: string,
    states: readonly TimelapseRow['state'][],
    change: Partial<TimelapseRow>,
  ): Promise<TimelapseRow | undefined> {
    const { numUpdatedRows } = await this.#database
      .updateTable('timelapses')
      .set(change)
      .where('id', '=', id)
      .where('state', 'in', states)
      .executeTakeFirst();
    return numUpdatedRows === 0n ? undefined : this.get(id);
  }

  async remove(id: string): Promise<void> {
    await this.#database.deleteFrom('timelapses').where('id', '=', id).execute();
  }

  /** All of a camera. */
  ofCamera(cameraId: string): Promise<TimelapseRow[]> {
    return this.#database
      .selectFrom('timelapses')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .orderBy('created_at_ms')
      .execute();
  }

  /** The camera's pictures with `fromMs` ≤ time < `toMs` in order of time, a thousand read at once. */
  async *pictures(cameraId: string, fromMs: number, toMs: number): AsyncGenerator<TimelapsePicture> {
    let place = { takenAtMs: fromMs, seq: 0 };
    for (;;) {
      const { takenAtMs, seq } = place;
      const rows = await this.#database
        .selectFrom('snapshots')
        .select(['seq', 'taken_at_ms', 'luma', 'verdict', 'blob_key'])
        .where('camera_id', '=', cameraId)
        .where('taken_at_ms', '>=', takenAtMs)
        .where('taken_at_ms', '<', toMs)
        .where((is) => is.or([is('taken_at_ms', '>', takenAtMs), is('seq', '>', seq)]))
        .orderBy('taken_at_ms')
        .orderBy('seq')
        .limit(PICTURES_AT_ONCE)
        .execute();
      for (const row of rows) {
        yield { takenAtMs: row.taken_at_ms, luma: row.luma, verdict: row.verdict, blobKey: row.blob_key };
      }
      const last = rows.at(-1);
      if (!last || rows.length < PICTURES_AT_ONCE) return;
      place = { takenAtMs: last.taken_at_ms, seq: last.seq };
    }
  }
}
