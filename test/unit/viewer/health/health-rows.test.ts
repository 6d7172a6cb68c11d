import { describe, expect, test } from 'vitest';
import type { Light, ReasonCode } from '../../../../gateway/contract/health.ts';
import { dayPaths, halfHourPaths, hoursOf, withLight } from '../../../../viewer/health/bar-shapes.ts';
import {
  filteredRows,
  groupShares,
  healthRows,
  lightCounts,
  reasonCounts,
  sortedRows,
} from '../../../../viewer/health/health-rows.ts';
import type { HealthFilter } from '../../../../viewer/health/health-rows.ts';
import { someCamera, someProject } from '../fleet/some-fleet.ts';

const everything: HealthFilter = { light: 'all', query: '', district: '', unit: '', reason: '' };
const reasons = (...codes: ReasonCode[]) =>
  codes.map((code) => ({ code, since: '2026-11-23T06:00:00.000Z', message: '' }));
const lit = (id: string, projectId: string, light: Light, ...codes: ReasonCode[]) =>
  someCamera(id, projectId, { light, reasons: reasons(...codes) });

const projects = [
  someProject('bridge', { name: '赣江三桥', district: '禾川县', unit: '市交通局' }),
  someProject('school', { name: '龙洲实验学校', district: '青屏区', unit: '市教育局' }),
  someProject('old', { archivedAt: '2026-01-01T00:00:00.000Z' }),
];
const cameras = [
  lit('gate', 'bridge', 'green'),
  lit('crane', 'bridge', 'red', 'unreachable'),
  lit('hall', 'school', 'yellow', 'packet-loss', 'snapshot-missed'),
  lit('yard', 'school', 'grey', 'maintenance'),
  lit('gone', 'old', 'red', 'unreachable'),
];
const rows = healthRows(projects, cameras);
const ids = (some: typeof rows) => some.map(({ camera }) => camera.id);

describe('the list', () => {
  test('has every camera but those of archived projects', () => {
    expect(ids(rows)).toEqual(['gate', 'crane', 'hall', 'yard']);
    expect(lightCounts(rows)).toEqual({ green: 1, yellow: 1, red: 1, grey: 1 });
  });

  test.each<[Partial<HealthFilter>, string[]]>([
    [{ light: 'todo' }, ['crane', 'hall']],
    [{ light: 'grey' }, ['yard']],
    [{ district: '青屏区' }, ['hall', 'yard']],
    [{ unit: '市交通局', light: 'red' }, ['crane']],
    [{ reason: 'snapshot-missed' }, ['hall']],
    [{ query: '赣江 crane' }, ['crane']],
    [{ query: '192.168.10.64' }, ['gate', 'crane', 'hall', 'yard']],
    [{ query: 'nowhere' }, []],
  ])('narrowed to %o', (change, wanted) => {
    expect(ids(filteredRows(rows, { ...everything, ...change }))).toEqual(wanted);
  });

  test('is sorted by the worst light, the longest state or the least uptime', () => {
    const facts = (id: string) => ({
      sinceMs: { gate: 1, crane: 4, hall: 3, yard: 2 }[id] ?? 9,
      uptime: { gate: 0.9, crane: 0.2, hall: 0.5 }[id] ?? null,
    });
    expect(ids(sortedRows(rows, 'light', facts))).toEqual(['crane', 'hall', 'gate', 'yard']);
    expect(ids(sortedRows(rows, 'since', facts))).toEqual(['gate', 'yard', 'hall', 'crane']);
    expect(ids(sortedRows(rows, 'uptime', facts))).toEqual(['crane', 'hall', 'gate', 'yard']);
  });
});

describe('the summary', () => {
  test('has districts by their share online, without cameras out of use', () => {
    expect(groupShares(rows, 'district')).toEqual([
      { name: '禾川县', online: 1, total: 2 },
      { name: '青屏区', online: 1, total: 1 },
    ]);
  });

  test('counts each reason, the most frequent first', () => {
    const more = healthRows(projects, [...cameras, lit('x', 'bridge', 'red', 'unreachable')]);
    expect(reasonCounts(more)[0]).toEqual({ code: 'unreachable', count: 2 });
  });
});

describe('the bars', () => {
  test('tell states by height, not by colour alone', () => {
    const paths = halfHourPaths('gyr-');
    expect(paths).toEqual({
      fine: 'M0 16v-14h2v14z',
      warn: 'M3 16v-9h2v9z',
      down: 'M6 16v-5h2v5z',
      unknown: 'M9 16v-1h2v1z',
    });
    expect(dayPaths([1, 0.5, 0.1, null])).toEqual({
      fine: 'M0 16v-14h2v14zM3 16v-7h2v7z',
      down: 'M6 16v-2h2v2z',
      unknown: 'M9 16v-1h2v1z',
    });
  });

  test('have the worse of the last half hour and now at their end', () => {
    expect(withLight('gg', 'red')).toBe('gr');
    expect(withLight('gr', 'green')).toBe('gr');
    expect(withLight('g-', 'green')).toBe('gg');
    expect(withLight('gy', 'grey')).toBe('gy');
  });

  test('are told in hours to those who do not see them', () => {
    expect(hoursOf('rrryg')).toEqual({ down: 1.5, warn: 0.5 });
  });
});
