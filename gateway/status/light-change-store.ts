import type { Database } from '../base/database.ts';
import { toRfc3339 } from '../base/clock.ts';
import type { Light, LightChange, Reason } from '../contract/health.ts';

interface LightChangeRow {
  seq: number;
  camera_id: string;
  at_ms: number;
  from_light: Light;
  to_light: Light;
  reasons: string;
}

/** A recorded change with its place in the one order of all changes, from 1. */
export interface RecordedChange {
  seq: number;
  atMs: number;
  change: LightChange;
}

/** The light_changes table: append only. */
export class LightChangeStore {
  readonly #tables;
  #seq = 0;

  constructor(database: Database) {
    this.#tables = database.withTables<{ light_changes: LightChangeRow }>();
  }

  /** Reads where the order stands; call once before `append`. */
  async open(): Promise<void> {
    const last = await this.#tables
      .selectFrom('light_changes')
      .select('seq')
      .orderBy('seq', 'desc')
      .limit(1)
      .execute();
    this.#seq = last[0]?.seq ?? 0;
  }

  /** Records a change; it is on disk when the promise resolves. */
  async append(change: LightChange): Promise<RecordedChange> {
    this.#seq += 1;
    const recorded = { seq: this.#seq, atMs: Date.parse(change.at), change };
    await this.#tables
      .insertInto('light_changes')
      .values({
        seq: recorded.seq,
        camera_id: change.cameraId,
        at_ms: recorded.atMs,
        from_light: change.from,
        to_light: change.to,
        reasons: JSON.stringify(change.reasons),
      })
      .execute();
    return recorded;
  }

  /** Changes of all cameras behind `seq`, in order. */
  async after(seq: number, limit: number): Promise<RecordedChange[]> {
    const rows = await this.#tables
      .selectFrom('light_changes')
      .selectAll()
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(limit)
      .execute();
    return rows.map(toRecorded);
  }

  /** Changes of one camera from `fromMs` (inclusive) to `toMs` (exclusive), in order. */
  async between(cameraId: string, fromMs: number, toMs: number): Promise<RecordedChange[]> {
    const rows = await this.#tables
      .selectFrom('light_changes')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('at_ms', '>=', fromMs)
      .where('at_ms', '<', toMs)
      .orderBy('seq')
      .execute();
    return rows.map(toRecorded);
  }

  /** Removes changes before an instant, but for each camera's last one before it: that light held at the instant. */
  async prune(beforeMs: number): Promise<number> {
    const removed = await this.#tables
      .deleteFrom('light_changes')
      .where('at_ms', '<', beforeMs)
      .where((row) =>
        row.exists(
          row
            .selectFrom('light_changes as later')
            .select('later.seq')
            .whereRef('later.camera_id', '=', 'light_changes.camera_id')
            .whereRef('later.seq', '>', 'light_changes.seq')
            .where('later.at_ms', '<', beforeMs),
        ),
      )
      .executeTakeFirst();
    return Number(removed.numDeletedRows);
  }

  /** The last change of a camera before an instant. */
  async lastBefore(cameraId: string, beforeMs: number): Promise<RecordedChange | undefined> {
    const rows = await this.#tables
      .selectFrom('light_changes')
      .selectAll()
      .where('camera_id', '=', cameraId)
      .where('at_ms', '<', beforeMs)
      .orderBy('at_ms', 'desc')
      .orderBy('seq', 'desc')
      .limit(1)
      .execute();
    return rows[0] && toRecorded(rows[0]);
  }
}

function toRecorded(row: LightChangeRow): RecordedChange {
  const atMs = row.at_ms;
  return {
    seq: row.seq,
    atMs,
    change: {
      schema: 1,
      at: toRfc3339(atMs),
      cameraId: row.camera_id,
      from: row.from_light,
      to: row.to_light,
      reasons: JSON.parse(row.reasons) as Reason[],
    },
  };
}
