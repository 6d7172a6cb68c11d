import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../gateway/base/database.ts';
import type { Database } from '../../../gateway/base/database.ts';
import { FileBlobs } from '../../../gateway/base/file-blobs.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import type { Snapshot } from '../../../gateway/contract/snapshot.ts';
import { snapshotIndex } from '../../../gateway/contract/timeline.ts';
import type { SnapshotIndex } from '../../../gateway/contract/timeline.ts';
import { EvidenceKey } from '../../../gateway/snapshots/evidence/evidence-key.ts';
import { readSnapshotIndex } from '../../../gateway/snapshots/snapshot-index-reader.ts';
import { SnapshotTimeline } from '../../../gateway/snapshots/snapshot-timeline.ts';
import { migrations } from '../../../gateway/snapshots/snapshots-migrations.ts';
import { encodedText } from '../../../gateway/web/encoded-text.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { makeManySnapshots } from '../../support/many-snapshots.ts';
import { HandFleet } from './record-fixture.ts';

/** 100 half-hourly pictures: the two days before 2026-11-21 in full and four more, by the clock of Shanghai. */
const UNTIL_MS = Date.parse('2026-11-21T01:30:00+08:00');
const HOUR = 3_600_000;

let folder: string;
let database: Database;
let blobs: FileBlobs;
let timeline: SnapshotTimeline;
let ids: string[];
const clock = new FakeClock('2026-11-21T02:00:00.000Z');
const fleet = new HandFleet();
const evidenceKey = EvidenceKey.generate();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-timeline-'));
  const file = join(folder, 'gantry.db');
  database = openDatabase(`sqlite:${file}`);
  blobs = new FileBlobs(join(folder, 'pictures'));
  await migrate(database, migrations);
  const wish = { databaseFile: file, pictureFolder: join(folder, 'pictures'), cameraId: 'cam_a' };
  ids = await makeManySnapshots({ ...wish, count: 100, everyMin: 30, untilMs: UNTIL_MS, distinct: 12 });
  fleet.set({ id: 'cam_a', projectId: 'prj_1' });
  timeline = new SnapshotTimeline({
    clock,
    logger: silentLogger,
    database,
    blobs,
    evidenceKey,
    cameras: fleet,
    milestonesOf: (projectId) => (projectId === 'prj_1' ? ['step_roof'] : ['step_other']),
    config: { timeZone: 'Asia/Shanghai', sheetCacheMb: 16 },
  });
  await timeline.start();
});
afterAll(async () => {
  await timeline.stop();
  await database.destroy();
  await rm(folder, { recursive: true });
});

const day = (date: string, page = 1) => ({ cameraId: 'cam_a', date, page, hour: 12 });
const month = (date: string, hour: number) => ({ cameraId: 'cam_a', date, page: 1, hour });
async function index(query: { from?: string; to?: string } = {}): Promise<SnapshotIndex> {
  return snapshotIndex.parse(JSON.parse((await timeline.index('cam_a', query)).toString()));
}
async function sheetFiles(): Promise<string[]> {
  const files: string[] = [];
  for await (const key of blobs.list('sheets')) files.push(key);
  return files.sort();
}

describe('the index', () => {
  it('has every picture once in order of time, within the range asked for', async () => {
    const { items, nextFrom } = await index();
    expect(items.map(([id]) => id)).toEqual(ids);
    expect(nextFrom).toBeNull();
    expect(items[99]).toEqual([ids[99], UNTIL_MS + 2000, 0, expect.any(Number), 1]);
    const range = { from: '2026-11-20T00:00:00+08:00', to: '2026-11-21T00:00:00+08:00' };
    expect((await index(range)).items).toHaveLength(48);
    expect((await index({ to: '2000-01-01T00:00:00Z' })).items).toEqual([]);
  });

  it('goes on where it was cut off, also among pictures of one millisecond', async () => {
    const seen: string[] = [];
    let fromMs = -1;
    for (let pages = 0; pages < 10; pages += 1) {
      const range = { fromMs, toMs: UNTIL_MS + HOUR };
      const text = (await readSnapshotIndex(database, 'cam_a', range, 30)).toString();
      const { items, nextFrom } = snapshotIndex.parse(JSON.parse(text));
      seen.push(...items.map(([id]) => id));
      if (nextFrom === null) break;
      fromMs = Date.parse(nextFrom);
    }
    expect(seen).toEqual(ids);
  });

  it('is compressed as the client accepts, and bears the same text', async () => {
    const text = await timeline.index('cam_a', {});
    const as = async (accepted: string) => {
      const { chunks, headers } = await encodedText(text, 'application/json', accepted);
      return { bytes: Buffer.concat(chunks as Uint8Array[]), encoding: headers?.['content-encoding'] };
    };
    const brotli = await as('gzip, deflate, br');
    const gzip = await as('gzip, br;q=0');
    expect([brotli.encoding, gzip.encoding, (await as('')).encoding]).toEqual(['br', 'gzip', undefined]);
    expect(brotliDecompressSync(brotli.bytes).equals(text)).toBe(true);
    expect(gunzipSync(gzip.bytes).equals(text)).toBe(true);
    expect(brotli.bytes.length).toBeLessThan(text.length / 2);
  });
});

describe('sheets of thumbnails', () => {
  it('show a day, each picture where the description says', async () => {
    const told = await timeline.sheet(day('2026-11-20'));
    expect(told).toMatchObject({ tileWidth: 160, tileHeight: 90, columns: 12, page: 1, pages: 1 });
    expect(told.items.map(({ id }) => id)).toEqual(ids.slice(48, 96));
    const { bytes, version } = await timeline.sheetPicture(day('2026-11-20'));
    expect(version).toBe(told.version);
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([1920, 360]);
    // The sky of each tile is as bright as its picture was drawn.
    const lumas = (await index()).items.slice(48, 96).map(([, , , luma]) => luma);
    for (const [place, luma] of lumas.entries()) {
      const x = (place % 12) * 160 + 20;
      const y = Math.floor(place / 12) * 90 + 8;
      expect(Math.abs((data[(y * info.width + x) * info.channels] ?? 0) - luma)).toBeLessThan(12);
    }
  });

  it('show a month with the picture of each day that is nearest to the hour', async () => {
    const { items } = await timeline.sheet(month('2026-11', 6));
    expect(items.map(({ takenAt }) => takenAt)).toEqual([
      '2026-11-18T22:00:02.000Z',
      '2026-11-19T22:00:02.000Z',
      '2026-11-20T17:30:02.000Z',
    ]);
  });

  it('are made once, and anew when the day changes; the old one goes', async () => {
    const first = await timeline.sheetPicture(day('2026-11-21'));
    const files = await sheetFiles();
    await timeline.sheetPicture(day('2026-11-21'));
    expect(await sheetFiles()).toEqual(files);
    const row = await database
      .withTables<{ snapshots: Record<string, never> }>()
      .selectFrom('snapshots')
      .selectAll()
      .where('id', '=', ids[99] as never)
      .executeTakeFirstOrThrow();
    await database
      .withTables<{ snapshots: Record<string, unknown> }>()
      .insertInto('snapshots')
      .values({
        ...(row as object),
        id: 'snap_new',
        seq: 101,
        taken_at_ms: UNTIL_MS + 9000,
        scheduled_for_ms: null,
      })
      .execute();
    const second = await timeline.sheetPicture(day('2026-11-21'));
    expect(second.version).not.toBe(first.version);
    expect(await sheetFiles()).toHaveLength(files.length);
    expect((await timeline.sheet(day('2026-11-21'))).items).toHaveLength(5);
    await database
      .withTables<{ snapshots: { id: string } }>()
      .deleteFrom('snapshots')
      .where('id', '=', 'snap_new')
      .execute();
  });

  it('of a day without pictures are empty, and a page that is not there is not found', async () => {
    expect((await timeline.sheet(day('2020-01-01'))).items).toEqual([]);
    await expect(timeline.sheet(day('2026-11-20', 2))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('leave a tile dark whose file is gone, and show the others', async () => {
    const other = new HandFleet();
    const key = 'snapshots/cam_a/2000/01/01/made0000';
    const kept = await blobs.get(`${key}.jpg`);
    const thumb = await blobs.get(`${key}.thumb.webp`);
    await Promise.all([blobs.delete(`${key}.jpg`), blobs.delete(`${key}.thumb.webp`)]);
    const broken = new SnapshotTimeline({
      clock,
      logger: silentLogger,
      database,
      blobs,
      evidenceKey,
      cameras: other,
      milestonesOf: () => [],
      config: { timeZone: 'UTC', sheetCacheMb: 16 },
    });
    const { bytes } = await broken.sheetPicture(day('2026-11-20'));
    const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect(data[(8 * 1920 + 20) * 3]).toBeLessThan(30);
    await blobs.put(`${key}.jpg`, kept ?? Buffer.alloc(0));
    await blobs.put(`${key}.thumb.webp`, thumb ?? Buffer.alloc(0));
    await broken.stop();
  });

  it('left by a crash are swept at the start, and a removed camera takes its own along', async () => {
    await blobs.put('sheets/cam_x/2026-11-20-p1-0000000000000000.webp', Buffer.from('half'));
    const again = new SnapshotTimeline({
      clock,
      logger: silentLogger,
      database,
      blobs,
      evidenceKey,
      cameras: fleet,
      milestonesOf: () => [],
      config: { timeZone: 'UTC', sheetCacheMb: 16 },
    });
    await again.start();
    expect((await sheetFiles()).filter((key) => key.includes('cam_x'))).toEqual([]);
    expect((await sheetFiles()).length).toBeGreaterThan(0);
    fleet.remove('cam_a');
    await expect.poll(sheetFiles).toEqual([]);
    fleet.set({ id: 'cam_a', projectId: 'prj_1' });
    await again.stop();
  });
});

describe('notes, steps and picks', () => {
  it('are kept and told, and change neither hash nor picture', async () => {
    const told: Snapshot[] = [];
    const end = timeline.onChanged((snapshot) => told.push(snapshot));
    const id = ids[50] ?? '';
    const changed = await timeline.annotate(id, { note: '塔楼七层', milestoneId: 'step_roof', picked: true });
    expect(changed).toMatchObject({ note: '塔楼七层', milestoneId: 'step_roof', picked: true });
    expect(told).toEqual([changed]);
    expect((await index()).items[50]?.[4]).toBe(1 | 2 | 4 | 8);
    const again = await timeline.annotate(id, { note: '' });
    expect(again).toEqual({ ...changed, note: null });
    await timeline.annotate(id, { milestoneId: null, picked: false });
    expect((await index()).items[50]?.[4]).toBe(1);
    await timeline.annotate(id, {});
    expect(told).toHaveLength(3);
    end();
  });

  it('are refused for a step of another project and for a picture that is not there', async () => {
    const foreign = timeline.annotate(ids[0] ?? '', { milestoneId: 'step_other' });
    await expect(foreign).rejects.toMatchObject({ code: 'bad-request' });
    await expect(timeline.annotate('snap_none', { picked: true })).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

it('two pictures of one view are compared: not moved, and their light told', async () => {
  const result = await timeline.compare(ids[60] ?? '', ids[64] ?? '');
  expect(result).toMatchObject({ sameCamera: true, moved: false });
  expect(result.shiftPx).toBeLessThan(4);
  expect(result.lumaDifference).toBeGreaterThan(0);
});
