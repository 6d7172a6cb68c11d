import { assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SnapshotSchedule, WindowSchedule } from '../../../gateway/contract/schedule.ts';
import { SlotCalendar } from '../../../gateway/snapshots/slot-calendar.ts';
import { slotSpreadMs } from '../../../gateway/snapshots/slot-spread.ts';

const allWeek = [1, 2, 3, 4, 5, 6, 7];
const window = (everyMin: number, from = '00:00', to = '00:00', weekdays = allWeek): WindowSchedule => ({
  everyMin,
  from,
  to,
  weekdays,
});
const at = (iso: string): number => Date.parse(iso);
const slots = (schedule: SnapshotSchedule, from: string, to: string, timeZone = 'Asia/Shanghai'): string[] =>
  new SlotCalendar(timeZone).between(schedule, at(from), at(to)).map((slot) => new Date(slot).toISOString());

describe('slots of a window', () => {
  it('begin at the window’s first minute and end before its last, in the site’s time zone', () => {
    const day = slots(window(30, '06:00', '20:00'), '2026-11-22T16:00:00Z', '2026-11-23T16:00:00Z');
    expect(day).toHaveLength(28);
    expect(day[0]).toBe('2026-11-22T22:00:00.000Z');
    expect(day.at(-1)).toBe('2026-11-23T11:30:00.000Z');
  });

  it('are counted from local midnight, not from the window’s beginning', () => {
    expect(slots(window(45, '07:00', '09:00'), '2026-11-22T16:00:00Z', '2026-11-23T16:00:00Z')).toEqual([
      '2026-11-22T23:30:00.000Z',
      '2026-11-23T00:15:00.000Z',
    ]);
  });

  it('keep to the weekdays named', () => {
    const week = slots(window(720, '00:00', '00:00', [1, 7]), '2026-11-22T16:00:00Z', '2026-11-29T16:00:00Z');
    expect(week.map((iso) => iso.slice(0, 13))).toEqual([
      '2026-11-22T16',
      '2026-11-23T04',
      '2026-11-28T16',
      '2026-11-29T04',
    ]);
  });

  it('of a window over midnight lie on both sides of it', () => {
    const night = slots(window(60, '22:00', '02:00'), '2026-11-22T16:00:00Z', '2026-11-23T16:00:00Z');
    expect(night.map((iso) => iso.slice(11, 13))).toEqual(['16', '17', '14', '15']);
  });
});

describe('a year of slots', () => {
  const year = (schedule: SnapshotSchedule, timeZone: string): number[] =>
    new SlotCalendar(timeZone).between(schedule, at('2026-01-01T00:00:00Z'), at('2027-01-01T00:00:00Z'));

  it.each(['Europe/Berlin', 'Asia/Shanghai', 'America/Havana', 'Australia/Lord_Howe', 'Africa/Cairo'])(
    'has each half hour once in %s',
    (timeZone) => {
      const all = year(window(30), timeZone);
      expect(all).toHaveLength(365 * 48);
      expect(all.every((slot, index) => index === 0 || slot - (all[index - 1] ?? 0) === 1_800_000)).toBe(
        true,
      );
    },
  );

  it.each(['Europe/Berlin', 'Asia/Shanghai', 'America/Havana', 'Africa/Cairo'])(
    'has each day once in %s, also where midnight is skipped or repeated',
    (timeZone) => {
      const all = year(window(1440), timeZone);
      expect(all).toHaveLength(365);
      for (const [index, slot] of all.entries())
        if (index > 0) expect(slot - (all[index - 1] ?? 0)).toBeGreaterThanOrEqual(82_800_000);
    },
  );

  it('gives cron jobs at 02:30 one slot a day in Berlin', () => {
    expect(year('30 2 * * *', 'Europe/Berlin')).toHaveLength(365);
    expect(year('*/30 * * * *', 'Europe/Berlin')).toHaveLength(365 * 48);
  });
});

describe('SlotCalendar', () => {
  it('finds as next what lies next in any range', () => {
    const schedules: SnapshotSchedule[] = [
      window(7, '05:10', '21:00', [2, 5]),
      window(25),
      '*/20 7-18 * * 1-5',
    ];
    const calendar = new SlotCalendar('Europe/Berlin');
    assert(
      property(constantFrom(...schedules), integer({ min: 0, max: 400 * 1440 }), (schedule, minute) => {
        const afterMs = at('2026-01-01T00:00:00Z') + minute * 60_000;
        const next = calendar.next(schedule, afterMs) ?? 0;
        expect(calendar.between(schedule, afterMs + 1, next + 1)).toEqual([next]);
      }),
      { numRuns: 60 },
    );
  });

  it('looks further than a week for cron expressions, and knows when there is no next slot', () => {
    const calendar = new SlotCalendar('Asia/Shanghai');
    expect(calendar.next('0 12 1 1 *', at('2026-02-01T00:00:00Z'))).toBe(at('2027-01-01T04:00:00Z'));
    expect(calendar.next('0 0 30 2 *', at('2026-02-01T00:00:00Z'))).toBeNull();
  });

  it('names the mistake in a cron expression', () => {
    const calendar = new SlotCalendar('Asia/Shanghai');
    expect(() => calendar.next('99 * * * *', 0)).toThrow(/"99 \* \* \* \*" is not a cron expression/);
  });
});

it('spreads cameras evenly over at most a minute or a quarter of the interval, each always the same', () => {
  const spreads = Array.from({ length: 1000 }, (_, index) => slotSpreadMs(`cam_${index}`, 600_000));
  expect(Math.max(...spreads)).toBeLessThan(60_000);
  const bySecond = new Map<number, number>();
  for (const spread of spreads) {
    const second = Math.floor(spread / 1000);
    bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
  }
  expect(bySecond.size).toBe(60);
  expect(Math.max(...bySecond.values())).toBeLessThan(40);
  expect(slotSpreadMs('cam_7', 600_000)).toBe(spreads[7]);
  expect(slotSpreadMs('cam_7', 60_000)).toBeLessThan(15_000);
});
