import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../../gateway/base/database.ts';
import { FileBlobs } from '../../../gateway/base/file-blobs.ts';
import { migrate } from '../../../gateway/base/migrations.ts';
import { migrations } from '../../../gateway/snapshots/snapshots-migrations.ts';
import { ThumbSheetStore } from '../../../gateway/snapshots/thumb-sheet-store.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const clock = new FakeClock('2026-11-21T02:00:00.000Z');
const database = openDatabase('sqlite::memory:');
let folder: string;
let store: ThumbSheetStore;
const place = (day: number) => ({ cameraId: 'cam_a', place: `2026-11-${String(day).padStart(2, '0')}-p1` });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gantry-sheets-'));
  await migrate(database, migrations);
  store = new ThumbSheetStore({ database, blobs: new FileBlobs(folder), clock, mostBytes: 1000 });
});
afterAll(async () => {
  await database.destroy();
  await rm(folder, { recursive: true });
});

it('sheets keep to their share of the disk: those not used for the longest time go first', async () => {
  for (let day = 1; day <= 4; day += 1) {
    await store.put(place(day), 'v', Buffer.alloc(250, day));
    clock.advanceNow(2 * 3_600_000);
  }
  expect(await store.get(place(1), 'v')).toHaveLength(250);
  await store.put(place(5), 'v', Buffer.alloc(300, 5));
  const kept = await Promise.all([1, 2, 3, 4, 5].map((day) => store.get(place(day), 'v')));
  expect(kept.map((bytes) => bytes?.length)).toEqual([250, undefined, undefined, 250, 300]);
});
