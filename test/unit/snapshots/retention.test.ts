import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../gateway/base/logger.ts';
import { Retention } from '../../../gateway/snapshots/retention.ts';
import { RetentionStore } from '../../../gateway/snapshots/retention-store.ts';
import { snapshotCalendar } from '../../../gateway/snapshots/snapshot-calendar.ts';
import type { SnapshotRow } from '../../../gateway/snapshots/snapshot-row.ts';
import { TamperedCopy, WrittenRecord, timeZone } from './evidence/written-record.ts';

let record: WrittenRecord;
let isHeld = false;
let rows: SnapshotRow[];

beforeEach(async () => {
  isHeld = false;
  // 09:00 in Shanghai: pictures at 9, 10, 11, 12 of each day.
  record = await WrittenRecord.open('2026-11-20T01:00:00.000Z');
  rows = [];
  await record.evidence.start();
  for (let day = 0; day < 4; day += 1) {
    for (let hour = 0; hour < 4; hour += 1) {
      rows.push(await record.take('cam_a', record.clock.now()));
      await record.clock.advance(3_600_000);
    }
    await record.clock.advance(20 * 3_600_000);
  }
});
afterEach(() => record.close());

function retention(allDays: number): Retention {
  return new Retention({
    clock: record.clock,
    logger: silentLogger,
    blobs: record.blobs,
    store: new RetentionStore(record.database, record.key),
    timeZone,
    allDays,
    isHeld: () => Promise.resolve(isHeld),
  });
}

async function kept(): Promise<string[]> {
  const found = await record.store.list('cam_a', { fromMs: 0, toMs: Infinity, order: 'asc', limit: 100 });
  return found.map(({ id }) => id);
}

const ids = (...indexes: number[]): string[] => indexes.map((index) => rows[index]?.id ?? '');
const mark = (index: number, change: string): unknown[] =>
  new TamperedCopy(record.folder).sql(`update snapshots set ${change} where id = ?`, rows[index]?.id ?? '');

describe('retention', () => {
  it('keeps all for the days asked for, then one a day nearest noon, and what people marked', async () => {
    mark(0, "note = 'foundation poured'");
    mark(5, "milestone_id = 'step_1'");
    mark(6, 'picked = 1');
    // It is the morning of the 24th: the 20th and 21st are older than two whole days.
    expect(await retention(2).run()).toBe(3);
    expect(await kept()).toEqual(ids(0, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    for (const [index, row] of rows.entries()) {
      const isKept = [0, 3].includes(index) || index > 4;
      expect((await record.blobs.get(row.blob_key)) !== undefined).toBe(isKept);
    }
    expect(await retention(2).run()).toBe(0);
  });

  it('leaves a chain that verifies, and a calendar that still counts what was taken', async () => {
    await retention(1).run();
    expect(await record.verdict()).toMatchObject({ ok: true, pictures: 16, days: { checked: 4 } });
    const { days } = await snapshotCalendar(record.store, 'cam_a', '2026-11', timeZone);
    expect(days.filter(({ taken }) => taken > 0).map(({ date, taken }) => [date, taken])).toEqual([
      ['2026-11-20', 4],
      ['2026-11-21', 4],
      ['2026-11-22', 4],
      ['2026-11-23', 4],
    ]);
    await record.take();
    expect(await record.verdict()).toMatchObject({ ok: true, pictures: 17 });
  });

  it('touches nothing within its days, and takes up where it was broken off', async () => {
    expect(await retention(30).run()).toBe(0);
    isHeld = true;
    expect(await retention(2).run()).toBe(6);
    // A backup is being made: the rows are gone, the files wait.
    expect(await record.blobs.get(rows[1]?.blob_key ?? '')).toBeDefined();
    expect(await record.verdict()).toMatchObject({ ok: true });
    isHeld = false;
    expect(await retention(2).run()).toBe(0);
    expect(await record.blobs.get(rows[1]?.blob_key ?? '')).toBeUndefined();
  });
});
