import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { GatewayError } from '../../gateway/base/gateway-error.ts';
import type { SnapshotSchedule } from '../../gateway/contract/schedule.ts';
import { readTable } from '../../gateway/fleet/roster/read-table.ts';
import { rosterSheet } from '../../gateway/fleet/roster/roster-sheet.ts';
import { RowReader } from '../../gateway/fleet/roster/row-reader.ts';
import { safeCell, unsafeCell } from '../../gateway/fleet/roster/safe-cell.ts';
import { formatScheduleText, parseScheduleText } from '../../gateway/fleet/roster/schedule-text.ts';
import { posixZoneOffsetMin } from '../../gateway/status/posix-zone.ts';
import { fuzzRuns } from './support/fuzz-runs.ts';

const workbook = readFileSync(join(import.meta.dirname, '../fixtures/roster/openpyxl_titled.xlsx'));
/** A true workbook with some bytes changed, or cut short. */
const nearWorkbooks = fc
  .tuple(
    fc.array(fc.tuple(fc.nat(workbook.length - 1), fc.nat(255)), { maxLength: 6 }),
    fc.nat(workbook.length),
    fc.boolean(),
  )
  .map(([changes, length, whole]) => {
    const bytes = Buffer.from(workbook);
    for (const [at, value] of changes) bytes[at] = value;
    return whole ? bytes : bytes.subarray(0, length);
  });
const files = fc.oneof(
  nearWorkbooks,
  fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => Buffer.from(text)),
);
const cell = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('rtsp://u:p@h/1', '192.168.1.4', '[::1]', 'http://[', '每 5 分钟', '=1'),
);
const tables = fc
  .array(fc.array(cell, { maxLength: 6 }), { maxLength: 6 })
  .map((rows) => [['name', 'project', 'ip', 'rtsp', 'schedule', 'password'], ...rows]);

it('any file becomes a table or a fault in plain words', async () => {
  await fc.assert(
    fc.asyncProperty(files, async (file) => {
      const table = await readTable(file).catch((error: unknown) => error);
      if (table instanceof GatewayError) expect(table.code).toBe('bad-request');
      else expect(Array.isArray(table)).toBe(true);
    }),
    fuzzRuns(),
  );
});

it('any rows become cameras or faults with their cells', () => {
  const context = { projects: [], credentialSets: [], cameras: [], allows: () => true };
  fc.assert(
    fc.property(tables, (table) => {
      for (const sheet of rosterSheet(table)) {
        const { errors, body } = new RowReader(context).read(sheet);
        expect(body === null).toBe(errors.length > 0);
        for (const error of errors) expect(error.cell === null || /^[A-F]\d+$/.test(error.cell)).toBe(true);
      }
    }),
    fuzzRuns(),
  );
});

it('a schedule that is written is read back; other text is understood or not, without a fault', () => {
  const time = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
  const schedules: fc.Arbitrary<SnapshotSchedule> = fc.record({
    everyMin: fc.integer({ min: 1, max: 1440 }),
    from: time,
    to: time,
    weekdays: fc
      .uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })
      .map((days) => days.sort((a, b) => a - b)),
  });
  fc.assert(
    fc.property(schedules, fc.string({ unit: 'grapheme' }), (schedule, text) => {
      expect(parseScheduleText(formatScheduleText(schedule))).toEqual(schedule);
      parseScheduleText(text);
      const offset = posixZoneOffsetMin(text);
      expect(offset === null || Math.abs(offset) <= 900).toBe(true);
      expect(unsafeCell(safeCell(text))).toBe(text.startsWith("'") ? unsafeCell(text) : text);
    }),
    fuzzRuns(),
  );
});
