import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../../gateway/base/clock.ts';
import { openDatabase } from '../../../gateway/base/database.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import { snapshotQuery } from '../../../gateway/contract/snapshot.ts';
import { snapshotCalendar } from '../../../gateway/snapshots/snapshot-calendar.ts';
import { SnapshotLists } from '../../../gateway/snapshots/snapshot-lists.ts';
import { SnapshotStore } from '../../../gateway/snapshots/snapshot-store.ts';
import { migrations } from '../../../gateway/snapshots/snapshots-migrations.ts';
import { percentile } from './percentile.ts';

/** How long one kind of question takes on a large record, ms. */
export interface QueryTimes {
  question: string;
  calls: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time: on a busy machine the only one that tells. */
  p99CpuMs: number;
  worstMs: number;
}

/** What a large record costs. */
export interface RecordQueries {
  cameras: number;
  rows: number;
  fileMb: number;
  generateSec: number;
  queries: QueryTimes[];
}

const INTERVAL_MS = 30 * 60_000;
const FIRST_MS = Date.parse('2026-01-01T00:00:00Z');
const SLOTS_AT_ONCE = 100;
const TIME_ZONE = 'Asia/Shanghai';
const neverSigns = { sign: () => '', verifies: () => false };

/** Makes a record of `cameras` × `each` pictures (rows alone) and asks it what the pages ask, `calls` times each. */
export async function recordQueries(cameras: number, each: number, calls = 1000): Promise<RecordQueries> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-rows-'));
  try {
    const path = join(folder, 'gantry.db');
    const startedMs = performance.now();
    await generate(path, cameras, each);
    const generateSec = (performance.now() - startedMs) / 1000;
    const queries = await askAll(path, cameras, each, calls);
    const fileMb = (await stat(path)).size / 1_048_576;
    return { cameras, rows: cameras * each, fileMb, generateSec, queries };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes the rows as they come about: slot after slot, of all cameras in each; indexes that SQLite can build afterwards are built then. */
export async function generate(path: string, cameras: number, each: number): Promise<void> {
  const fresh = openDatabase(`sqlite:${path}`);
  await migrate(fresh, migrations);
  await fresh.destroy();
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -2000000');
  const indexes = database
    .prepare(`select name, sql from sqlite_master where type = 'index' and sql is not null`)
    .all() as { name: string; sql: string }[];
  for (const { name } of indexes) database.exec(`drop index ${name}`);
  database.exec(`create temp table cameras as
    with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n < ${cameras - 1})
    select printf('cam_%08d', n) as id from numbers`);
  // One in fifty slots is a gap, as on a site with a poor uplink.
  const fill = database.prepare(`insert into snapshots
    with recursive numbers(n) as (select ?1 union all select n + 1 from numbers where n < ?2)
    select 'snap_' || lower(hex(randomblob(10))), id, n, ?3 + n * ?4 + abs(random()) % 60000, ?3 + n * ?4,
      2560, 1440, 500000 + abs(random()) % 200000, lower(hex(randomblob(32))), lower(hex(randomblob(32))),
      lower(hex(randomblob(32))), 'keyframe', 120.5, 14.25, 'ok', null, null,
      'snapshots/' || id || '/2026/01/01/snap_' || lower(hex(randomblob(10))) || '.jpg', 0
    from numbers cross join cameras`);
  const gaps = database.prepare(`insert into snapshot_gaps
    with recursive numbers(n) as (select 0 union all select n + 50 from numbers where n < ?1)
    select id, ?2 + n * ?3 + 60000, 'unreachable', 'no answer', ?2 from cameras cross join numbers`);
  for (let slot = 1; slot <= each; slot += SLOTS_AT_ONCE) {
    fill.run(slot, Math.min(each, slot + SLOTS_AT_ONCE - 1), FIRST_MS, INTERVAL_MS);
  }
  gaps.run(each, FIRST_MS, INTERVAL_MS);
  for (const { sql } of indexes) database.exec(sql);
  database.close();
}

/** Asks a record that is there already. */
export async function askAll(
  path: string,
  cameras: number,
  each: number,
  calls: number,
): Promise<QueryTimes[]> {
  const database = openDatabase(`sqlite:${path}`);
  const store = new SnapshotStore(database, neverSigns);
  const lists = new SnapshotLists(store, TIME_ZONE);
  const anyCamera = (): string => cameraId(Math.floor(Math.random() * cameras));
  const anyMs = (): number => FIRST_MS + Math.floor(Math.random() * each) * INTERVAL_MS;
  const isoDay = (atMs: number): string => new Date(atMs).toISOString();
  const questions: Record<string, () => Promise<unknown>> = {
    'list: 100 from any time on': () =>
      lists.list(anyCamera(), snapshotQuery.parse({ from: isoDay(anyMs()), limit: 100 })),
    'list: the newest 100': () => lists.list(anyCamera(), snapshotQuery.parse({ order: 'desc', limit: 100 })),
    'calendar of a month': () => {
      const month = isoDay(anyMs()).slice(0, 7);
      return snapshotCalendar(store, anyCamera(), month, TIME_ZONE);
    },
    'every=day&hour=9, a month': () => {
      const fromMs = anyMs();
      const to = isoDay(fromMs + 31 * 86_400_000);
      const query = snapshotQuery.parse({ from: isoDay(fromMs), to, every: 'day', hour: 9 });
      return lists.list(anyCamera(), query);
    },
    'every=day&hour=9, 100 days': () =>
      lists.list(anyCamera(), snapshotQuery.parse({ every: 'day', hour: 9, limit: 100 })),
    'missed since yesterday': () => store.missed(anyCamera(), anyMs()),
    latest: () => store.latest(anyCamera()),
  };
  const times: QueryTimes[] = [];
  for (const [question, ask] of Object.entries(questions)) times.push(await timed(question, ask, calls));
  await database.destroy();
  return times;
}

async function timed(question: string, ask: () => Promise<unknown>, calls: number): Promise<QueryTimes> {
  for (let warm = 0; warm < 20; warm += 1) await ask();
  const times: number[] = [];
  const cpuTimes: number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const startedMs = systemClock.monotonicMs();
    const before = process.cpuUsage();
    await ask();
    const { user, system } = process.cpuUsage(before);
    cpuTimes.push((user + system) / 1000);
    times.push(systemClock.monotonicMs() - startedMs);
  }
  return {
    question,
    calls,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    p99CpuMs: percentile(cpuTimes, 0.99),
    worstMs: Math.max(...times),
  };
}

function cameraId(index: number): string {
  return `cam_${String(index).padStart(8, '0')}`;
}
