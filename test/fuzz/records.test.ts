import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { auditQuery } from '../../gateway/contract/audit.ts';
import { shareCreate } from '../../gateway/contract/share.ts';
import { timelapseCreate, timelapseQuery } from '../../gateway/contract/timelapse.ts';
import { csvLine } from '../../gateway/web/access/audit-csv.ts';
import { auditHash, auditRow, toAuditEntry } from '../../gateway/web/access/audit-row.ts';
import { byteRange } from '../../gateway/web/byte-range.ts';
import { fuzzRuns } from './support/fuzz-runs.ts';

test('a Range header is a part of the body, the whole, or nothing of it', () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.nat(), fc.nat()).map(([first, last]) => `bytes=${first}-${last}`),
    fc.nat().map((first) => `bytes=${first}-`),
    fc.nat().map((last) => `bytes=-${last}`),
    fc.constant(undefined),
  );
  fc.assert(
    fc.property(header, fc.nat(2 ** 31), (text, byteLength) => {
      const range = byteRange(text, byteLength);
      if (range.kind !== 'part') return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.end).toBeGreaterThan(range.start);
      expect(range.end).toBeLessThanOrEqual(byteLength);
    }),
    fuzzRuns(500),
  );
});

test.each([
  ['bytes=0-0', 10, { kind: 'part', start: 0, end: 1 }],
  ['bytes=5-', 10, { kind: 'part', start: 5, end: 10 }],
  ['bytes=-3', 10, { kind: 'part', start: 7, end: 10 }],
  ['bytes=-30', 10, { kind: 'part', start: 0, end: 10 }],
  ['bytes=-0', 10, { kind: 'none' }],
  ['bytes=10-', 10, { kind: 'none' }],
  ['bytes=0-1,3-4', 10, { kind: 'whole' }],
  ['lines=0-1', 10, { kind: 'whole' }],
] as const)('%s of %i bytes', (header, byteLength, range) => {
  expect(byteRange(header, byteLength)).toEqual(range);
});

test('queries and bodies never make their schemas throw', () => {
  const field = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.constant(null),
    fc.constant('2026-11-23T00:00:00Z'),
  );
  const names = [
    'cameraId',
    'from',
    'to',
    'everyMin',
    'hour',
    'fps',
    'height',
    'limit',
    'cursor',
    'actor',
    'format',
  ];
  const body = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), field);
  const target = fc.record({ kind: fc.constantFrom('live', 'pair', 'x'), cameraId: field, leftId: field });
  fc.assert(
    fc.property(fc.oneof(body, fc.anything()), target, (value, kind) => {
      for (const schema of [timelapseCreate, timelapseQuery, auditQuery, shareCreate])
        schema.safeParse(value);
      shareCreate.safeParse({ target: kind, expiresAt: value });
      const film = timelapseCreate.safeParse(value);
      if (film.success) expect(film.data.height % 2).toBe(0);
    }),
    fuzzRuns(300),
  );
});

test('no cell begins a formula, and every line is one line of cells', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 8 }), (cells) => {
      const line = csvLine(cells);
      const read = [...line.matchAll(/"((?:[^"]|"")*)"(,|\r\n$)/g)].map(([, cell = '']) =>
        cell.replaceAll('""', '"'),
      );
      expect(read).toHaveLength(cells.length);
      for (const cell of read) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    }),
    fuzzRuns(300),
  );
});

test('an entry of whatever texts has a hash that its wire form still proves', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (text, value) => {
      const entry = {
        actor: { kind: 'user' as const, id: text, name: text },
        action: 'x.y',
        subject: { kind: 'camera', id: text, name: text },
        detail: { value },
      };
      const row = auditRow(entry, { seq: 1, atMs: 1, prevHash: '0'.repeat(64) });
      expect(auditHash(row)).toBe(row.hash);
      expect(auditHash({ ...row, actor_name: `${row.actor_name}x` })).not.toBe(row.hash);
      expect(toAuditEntry(row).hash).toBe(row.hash);
    }),
    fuzzRuns(200),
  );
});
