import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DiskGuard } from '../../../gateway/snapshots/disk-guard.ts';
import { SmallDisk } from '../../support/small-disk.ts';
import { RecordFixture } from './record-fixture.ts';

const MINUTE = 60_000;
const MB = 1_048_576;
let disk: SmallDisk;
let fixture: RecordFixture;
let guard: DiskGuard;

beforeEach(async () => {
  disk = await SmallDisk.mount(32);
  const folder = join(disk.folder, 'data');
  await mkdir(folder);
  fixture = await RecordFixture.open({ folder });
  guard = new DiskGuard({ clock: fixture.clock, folders: [folder], lowFreePercent: 50, lowFreeMb: 0 });
  fixture.disk = guard;
  await fixture.restart();
  fixture.connect();
});
afterEach(async () => {
  guard.stop();
  await fixture.close();
  await disk.unmount();
});

it('says early that the disk runs full, records gaps with the reason when it is, and goes on when there is room', async () => {
  await guard.start();
  expect(guard.low).toBeNull();
  await fixture.clock.advance(10 * MINUTE + 35_000);
  const first = await fixture.scheduledPicture();

  await disk.fillUpTo(10 * MB);
  await guard.start();
  expect(guard.low).toMatch(/has \d+ MB of 32 MB left\. Make room or enlarge it/);

  await disk.fillUpTo(100_000);
  await expect(fixture.service.takeNow('cam_a')).rejects.toThrow(/disk of .* is full/);
  await fixture.clock.advance(20 * MINUTE);
  expect(fixture.gaps.map(({ reason }) => reason)).toEqual(
    ['low-disk', 'low-disk'].slice(0, fixture.gaps.length),
  );
  expect(fixture.gaps.length).toBeGreaterThan(0);

  await disk.empty();
  await fixture.clock.advance(10 * MINUTE);
  const next = await fixture.scheduledPicture();
  expect(next.prevHash).toBe(first.chainHash);
  expect(await fixture.service.verify('cam_a')).toMatchObject({ ok: true, checked: 2 });
});

it('writes nothing half where the guard did not see it coming', async () => {
  fixture.disk = undefined;
  await fixture.restart();
  fixture.connect();
  await fixture.take();
  await disk.fillUpTo(12_000);
  await expect(fixture.take()).rejects.toMatchObject({ code: 'storage-failed' });
  await disk.empty();
  await fixture.take();
  expect(await fixture.service.verify('cam_a')).toMatchObject({ ok: true, checked: 2 });
  let files = 0;
  for await (const _ of fixture.blobs.list('snapshots')) files += 1;
  // Two pictures, each with its thumb.
  expect(files).toBe(4);
});
