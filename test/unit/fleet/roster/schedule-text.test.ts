import { describe, expect, it } from 'vitest';
import { nearestName } from '../../../../gateway/fleet/roster/nearest-name.ts';
import { safeCell, unsafeCell } from '../../../../gateway/fleet/roster/safe-cell.ts';
import {
  formatScheduleText,
  parseScheduleText,
  schedulePresets,
} from '../../../../gateway/fleet/roster/schedule-text.ts';

const week = [1, 2, 3, 4, 5, 6, 7];

describe('a schedule in words', () => {
  it.each([
    ['', null],
    ['默认', null],
    ['每 30 分钟，06:30 至 18:30', { everyMin: 30, from: '06:30', to: '18:30', weekdays: week }],
    ['每1小时,6:30-18:30', { everyMin: 60, from: '06:30', to: '18:30', weekdays: week }],
    ['every 10 min, 08:00 to 24:00', { everyMin: 10, from: '08:00', to: '00:00', weekdays: week }],
    ['每 2 小时，全天，周 15', { everyMin: 120, from: '00:00', to: '00:00', weekdays: [1, 5] }],
    ['*/15 7-18 * * *', '*/15 7-18 * * *'],
    ['每天三次', undefined],
    ['每 0 分钟', undefined],
    ['每 30 分钟，25:00 至 26:00', undefined],
    ['每 30 分钟，大概', undefined],
  ])('%s', (text, schedule) => expect(parseScheduleText(text)).toEqual(schedule));

  it('reads back what it writes', () => {
    for (const text of schedulePresets) {
      const schedule = parseScheduleText(text);
      expect(schedule).toBeDefined();
      expect(formatScheduleText(schedule ?? null)).toBe(text);
    }
    const odd = { everyMin: 90, from: '07:00', to: '19:00', weekdays: [6, 7] };
    expect(parseScheduleText(formatScheduleText(odd))).toEqual(odd);
  });
});

describe('the nearest name', () => {
  it('is one that shares most letters, or none', () => {
    const names = ['市人民医院东院区', '赣江三桥', 'Metro Line 4'];
    expect(nearestName('市人民医院东区', names)).toBe('市人民医院东院区');
    expect(nearestName('metro line4', names)).toBe('Metro Line 4');
    expect(nearestName('体育馆', names)).toBeNull();
  });
});

describe('cells for spreadsheets', () => {
  it('begin no formula, and come back as they were', () => {
    for (const text of ['=1+1', '+86', '-5', '@x', '\tx', '|x', 'plain', "'quoted", '']) {
      expect(/^[=+\-@\t|]/.test(safeCell(text))).toBe(false);
      expect(unsafeCell(safeCell(text))).toBe(text);
    }
  });
});
