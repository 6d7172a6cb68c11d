import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../gateway/base/database.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import { snapshotQuery } from '../../../gateway/contract/snapshot.ts';
import type { Snapshot } from '../../../gateway/contract/snapshot.ts';
import { EvidenceKey } from '../../../gateway/snapshots/evidence/evidence-key.ts';
import { SnapshotStore } from '../../../gateway/snapshots/snapshot-store.ts';
import { migrations } from '../../../gateway/snapshots/snapshots-migrations.ts';
import { SnapshotService } from '../../../gateway/snapshots/snapshot-service.ts';
import { FileBlobs } from '../../../gateway/base/file-blobs.ts';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { SampleFeeds } from '../../support/sample-feeds.ts';
import { everyMinutes, HandFleet } from './record-fixture.ts';

const database = openDatabase('sqlite::memory:');
const evidenceKey = EvidenceKey.generate();
const store = new SnapshotStore(database, evidenceKey);
const service = new SnapshotService({
  clock: new FakeClock(),
  logger: silentLogger,
  database,
  blobs: new FileBlobs('/nonexistent'),
  feeds: new SampleFeeds(),
  decoder: { decode: () => Promise.reject(new Error('no picture is taken here')) },
  cameras: new HandFleet(),
  evidenceKey,
  gatewayId: 'gantry-1',
  config: {
    schedule: everyMinutes(30),
    timeZone: 'Asia/Shanghai',
    captureTimeoutSec: 20,
    retention: { allDays: 3650 },
  },
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const local = (date: string, time = '00:00'): number => Date.parse(`${date}T${time}:00+08:00`);

async function add(cameraId: string, takenAtMs: number, slotMs: number | null = takenAtMs): Promise<void> {
  await store.append({
    id: `snap_${randomBytes(8).toString('hex')}`,
    camera_id: cameraId,
    taken_at_ms: takenAtMs,
    scheduled_for_ms: slotMs,
    width: 64,
    height: 36,
    bytes: 1,
    sha256: '0'.repeat(64),
    source: 'keyframe',
    luma: 100,
    sharpness: 10,
    verdict: 'ok',
    milestone_id: null,
    note: null,
    blob_key: 'x',
  });
}

async function all(cameraId: string, query: Record<string, unknown>): Promise<string[]> {
  const times: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 1000; pages += 1) {
    const page = await service.list(cameraId, snapshotQuery.parse({ ...query, cursor }));
    times.push(...page.items.map(localName));
    if (page.nextCursor === null) return times;
    expect(page.items).toHaveLength(Number(query['limit']));
    cursor = page.nextCursor;
  }
  throw new Error('the list has no end');
}

function localName({ takenAt }: Snapshot): string {
  return new Date(Date.parse(takenAt) + 8 * HOUR).toISOString().slice(5, 16);
}

beforeAll(async () => {
  await migrate(database, migrations);
  // Half-hourly from 06:00 to 20:00 for 70 days, without the days 10 to 19.
  for (let day = 0; day < 70; day += 1) {
    if (day >= 10 && day < 20) continue;
    for (let slot = 12; slot <= 40; slot += 1)
      await add('cam_a', local('2026-09-01') + day * DAY + slot * (HOUR / 2) + 7000);
  }
  for (let count = 0; count < 5; count += 1) await add('cam_same', 1000, null);
});
afterAll(() => database.destroy());

describe('the list of pictures', () => {
  it('pages through all pictures once, in both directions', async () => {
    const ascending = await all('cam_a', { limit: 97 });
    expect(ascending).toHaveLength(60 * 29);
    expect(new Set(ascending).size).toBe(60 * 29);
    expect(await all('cam_a', { limit: 97, order: 'desc' })).toEqual(ascending.toReversed());
  });

  it('pages through pictures of the same millisecond', async () => {
    expect(await all('cam_same', { limit: 2 })).toHaveLength(5);
    expect(await all('cam_same', { limit: 2, order: 'desc' })).toHaveLength(5);
  });

  it('begins at `from` and ends before `to`, whatever the offset they are written in', async () => {
    const range = { from: '2026-09-02T06:00:07+08:00', to: '2026-09-01T23:30:07Z', limit: 10 };
    expect(await all('cam_a', range)).toEqual(['09-02T06:00', '09-02T06:30', '09-02T07:00']);
  });

  it('refuses a cursor that is not its own', async () => {
    for (const cursor of ['x', 'cHg', Buffer.from('e5').toString('base64url')])
      await expect(service.list('cam_a', snapshotQuery.parse({ cursor }))).rejects.toMatchObject({
        code: 'bad-request',
      });
  });
});

describe('the thinned list', () => {
  it('has for each day the picture nearest to the local hour, over gaps and pages, in both directions', async () => {
    const noons = await all('cam_a', { every: 'day', limit: 7 });
    expect(noons).toHaveLength(60);
    expect(noons.every((time) => time.endsWith('T12:00'))).toBe(true);
    expect(noons[10]).toBe('09-21T12:00');
    expect(await all('cam_a', { every: 'day', limit: 7, order: 'desc' })).toEqual(noons.toReversed());
    const evening = await all('cam_a', { every: 'day', hour: 17.5, limit: 1000 });
    expect(evening[0]).toBe('09-01T17:30');
    const night = await all('cam_a', { every: 'day', hour: 23, limit: 1000 });
    expect(night[0]).toBe('09-01T20:00');
  });

  it('has one picture an hour, week and month', async () => {
    const oneDay = { from: '2026-09-01T00:00:00+08:00', to: '2026-09-02T00:00:00+08:00', limit: 5 };
    expect(await all('cam_a', { ...oneDay, every: 'hour' })).toHaveLength(15);
    expect((await all('cam_a', { ...oneDay, every: 'hour', hour: 12.5 }))[0]).toBe('09-01T06:30');
    const weeks = await all('cam_a', { every: 'week', limit: 3 });
    expect(weeks.slice(0, 5)).toEqual([
      '09-01T12:00',
      '09-07T12:00',
      '09-21T12:00',
      '09-28T12:00',
      '10-05T12:00',
    ]);
    expect(await all('cam_a', { every: 'week', limit: 3, order: 'desc' })).toEqual(weeks.toReversed());
    expect(await all('cam_a', { every: 'month', limit: 2 })).toEqual([
      '09-01T12:00',
      '10-01T12:00',
      '11-01T12:00',
    ]);
  });

  it('keeps to the range', async () => {
    const range = { from: '2026-09-01T13:00:00+08:00', to: '2026-09-03T09:00:00+08:00', limit: 10 };
    expect(await all('cam_a', { ...range, every: 'day' })).toEqual([
      '09-01T13:00',
      '09-02T12:00',
      '09-03T08:30',
    ]);
  });
});

describe('the calendar', () => {
  it('counts slots by local day: taken, missed and both', async () => {
    const gap = { reason: 'unreachable', message: '', recorded_at_ms: 0, camera_id: 'cam_cal' };
    await add('cam_cal', local('2026-10-31', '23:59'), local('2026-10-31', '23:59'));
    await add('cam_cal', local('2026-11-01', '00:00'), local('2026-11-01', '00:00'));
    await add('cam_cal', local('2026-11-01', '09:00'), null);
    await store.addGaps([
      { ...gap, scheduled_for_ms: local('2026-11-01', '23:30') },
      { ...gap, scheduled_for_ms: local('2026-11-02', '00:00') },
    ]);
    const { days } = await service.calendar('cam_cal', '2026-11');
    expect(days).toHaveLength(30);
    expect(days.slice(0, 3)).toEqual([
      { date: '2026-11-01', expected: 2, taken: 1, missed: 1 },
      { date: '2026-11-02', expected: 1, taken: 0, missed: 1 },
      { date: '2026-11-03', expected: 0, taken: 0, missed: 0 },
    ]);
  });
});

it('a slot has one picture: a second one is refused, and the first takes the place of a gap', async () => {
  const slot = local('2026-11-05', '08:00');
  const gap = { reason: 'no-frames', message: '', recorded_at_ms: 0 };
  await store.addGaps([{ ...gap, camera_id: 'cam_one', scheduled_for_ms: slot }]);
  await add('cam_one', slot + 5, slot);
  await add('cam_one', slot + 9, slot);
  expect(await all('cam_one', { limit: 10 })).toHaveLength(1);
  expect(await service.gaps('cam_one', 0, slot + 1)).toEqual([]);
});
