import { setImmediate } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { toRfc3339 } from '../base/clock.ts';
import type { Database } from '../base/database.ts';
import { snapshotFlags, verdictCodes } from '../contract/timeline.ts';
import type { SnapshotRow } from './snapshot-row.ts';
import type { SnapshotTables } from './snapshot-tables.ts';

type IndexRow = Pick<
  SnapshotRow,
  'id' | 'seq' | 'taken_at_ms' | 'scheduled_for_ms' | 'luma' | 'verdict' | 'milestone_id' | 'note' | 'picked'
>;

/** Rows read in one go; SQLite answers on the thread that also carries live pictures. */
const ROWS_AT_ONCE = 2000;
const MOST_ROWS = 200_000;
const FIELDS = [
  'id',
  'seq',
  'taken_at_ms',
  'scheduled_for_ms',
  'luma',
  'verdict',
  'milestone_id',
  'note',
  'picked',
] as const;

/**
 * The compact index of a camera's pictures with `fromMs` ≤ time < `toMs` as JSON (contract `snapshotIndex`). It is written
 * piece by piece and lets other work in between: a hundred thousand pictures would else hold up live streams.
 */
export async function readSnapshotIndex(
  database: Database,
  cameraId: string,
  range: { fromMs: number; toMs: number },
  most = MOST_ROWS,
): Promise<Buffer> {
  const tables = database.withTables<SnapshotTables>();
  const pieces: Buffer[] = [Buffer.from('{"items":[')];
  let last: IndexRow | undefined;
  let count = 0;
  let nextFrom: string | null = null;
  for (;;) {
    const rows = await page(tables, cameraId, range, last);
    const wanted = rows.slice(0, most - count);
    const rest = rows[wanted.length];
    const text = wanted.map(entry).join(',');
    if (text !== '') pieces.push(Buffer.from(count === 0 ? text : `,${text}`));
    count += wanted.length;
    last = wanted.at(-1);
    if (rest) nextFrom = toRfc3339(rest.taken_at_ms);
    if (rest || rows.length < ROWS_AT_ONCE) break;
    await setImmediate();
  }
  pieces.push(Buffer.from(`],"nextFrom":${JSON.stringify(nextFrom)}}`));
  return Buffer.concat(pieces);
}

function page(
  tables: Kysely<SnapshotTables>,
  cameraId: string,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  last: IndexRow | undefined,
): Promise<IndexRow[]> {
  let query = tables
    .selectFrom('snapshots')
    .select(FIELDS)
    .where('camera_id', '=', cameraId)
    .where('taken_at_ms', '<', toMs)
    .where('taken_at_ms', '>=', last?.taken_at_ms ?? fromMs);
  if (last) {
    query = query.where((where) =>
      where.or([where('taken_at_ms', '>', last.taken_at_ms), where('seq', '>', last.seq)]),
    );
  }
  return query.orderBy('taken_at_ms').orderBy('seq').limit(ROWS_AT_ONCE).execute();
}

function entry(row: IndexRow): string {
  const verdict = Math.max(0, (verdictCodes as readonly string[]).indexOf(row.verdict));
  const luma = Math.max(0, Math.min(255, Math.round(row.luma)));
  return `[${JSON.stringify(row.id)},${row.taken_at_ms},${verdict},${luma},${flagsOf(row)}]`;
}

function flagsOf(row: IndexRow): number {
  return (
    (row.scheduled_for_ms === null ? 0 : snapshotFlags.scheduled) |
    (row.note === null ? 0 : snapshotFlags.noted) |
    (row.milestone_id === null ? 0 : snapshotFlags.milestone) |
    (row.picked === 0 ? 0 : snapshotFlags.picked)
  );
}
