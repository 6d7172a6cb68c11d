import { describe, expect, it } from 'vitest';
import { localTime } from '../../../gateway/base/local-time.ts';
import { snapshotSchedule } from '../../../gateway/contract/schedule.ts';
import type { PlanSchedule } from '../../../gateway/contract/schedule.ts';
import { SlotCalendar } from '../../../gateway/snapshots/slot-calendar.ts';
import { slotSpreadMs } from '../../../gateway/snapshots/slot-spread.ts';

const nanchang = { lat: 28.68, lon: 115.86 };
const calendar = new SlotCalendar('Asia/Shanghai');

function plan(parts: object): PlanSchedule {
  return snapshotSchedule.parse({ windows: [], ...parts }) as PlanSchedule;
}

/** Local times of the slots of a date, `HH:MM`. */
function timesOf(schedule: PlanSchedule, date: string, place: typeof nanchang | null = nanchang): string[] {
  const fromMs = Date.parse(`${date}T00:00:00+08:00`);
  return calendar.between(schedule, fromMs, fromMs + 86_400_000, place).map((slotMs) => {
    const { hour, minute } = localTime(slotMs, 'Asia/Shanghai');
    return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  });
}

describe('a plan', () => {
  it('joins windows and fixed times; a slot that two parts name is one', () => {
    const schedule = plan({
      windows: [
        { everyMin: 60, from: '08:00', to: '11:00' },
        { everyMin: 30, from: '10:00', to: '12:00', weekdays: [1, 2, 3, 4, 5] },
      ],
      at: ['10:30', '18:45'],
    });
    expect(timesOf(schedule, '2026-11-23')).toEqual([
      '08:00',
      '09:00',
      '10:00',
      '10:30',
      '11:00',
      '11:30',
      '18:45',
    ]);
    // A Sunday.
    expect(timesOf(schedule, '2026-11-22')).toEqual(['08:00', '09:00', '10:00', '10:30', '18:45']);
  });

  it('follows the sun of the project’s place', () => {
    const schedule = plan({
      windows: [{ everyMin: 120, from: 'sunrise+30', to: 'sunset-60' }],
      at: ['sunrise', 'sunset-15'],
    });
    // Nanchang, 23 November: sunrise 06:45, sunset 17:20.
    expect(timesOf(schedule, '2026-11-23')).toEqual([
      '06:45',
      '07:15',
      '09:15',
      '11:15',
      '13:15',
      '15:15',
      '17:05',
    ]);
    expect(timesOf(schedule, '2026-06-21')[0]).toBe('05:19');
    expect(timesOf(schedule, '2026-11-23', null)[0]).toBe('06:00');
  });

  it('rests in pauses, the first and last day included, and goes on after them', () => {
    const schedule = plan({
      at: ['12:00'],
      pauses: [
        { from: '2027-02-06', to: '2027-02-12', note: 'Spring Festival' },
        { from: '2027-02-13', to: '2027-04-30' },
      ],
    });
    const noon = (date: string): number => Date.parse(`${date}T12:00:00+08:00`);
    expect(timesOf(schedule, '2027-02-05')).toEqual(['12:00']);
    expect(timesOf(schedule, '2027-02-06')).toEqual([]);
    expect(timesOf(schedule, '2027-02-12')).toEqual([]);
    expect(calendar.next(schedule, noon('2027-02-05'))).toBe(noon('2027-05-01'));
  });

  it('is refused when it says nothing, or ends before it begins', () => {
    for (const bad of [
      { windows: [] },
      { windows: [], at: ['25:00'] },
      { windows: [], at: ['sunrise+500'] },
      { windows: [], at: ['12:00'], pauses: [{ from: '2026-02-02', to: '2026-02-01' }] },
      { windows: [], at: ['12:00'], unknown: 1 },
    ])
      expect(snapshotSchedule.safeParse(bad).success).toBe(false);
  });
});

/** Slots of the year 2027 of a window of every 15 minutes, 24 hours, counted from both ends of the calendar’s interface. */
function yearOf(timeZone: string): { slots: number[]; walked: number } {
  const zone = new SlotCalendar(timeZone);
  const schedule = snapshotSchedule.parse({ everyMin: 15 });
  const [fromMs, toMs] = ['2027', '2028'].map((year) => {
    const utcMs = Date.parse(`${year}-01-01T00:00:00Z`);
    const local = localTime(utcMs, timeZone);
    return utcMs - (local.hour * 60 + local.minute) * 60_000;
  });
  const slots = zone.between(schedule, fromMs ?? 0, toMs ?? 0);
  let walked = 0;
  for (let at = (fromMs ?? 0) - 1; ; walked += 1) {
    const next = zone.next(schedule, at);
    if (next === null || next >= (toMs ?? 0)) break;
    at = next;
  }
  return { slots, walked };
}

describe('a year of slots each 15 minutes', () => {
  it.each([
    // 365 days of 96; in Berlin the day in March lacks four, the day in October has four more.
    ['Asia/Shanghai', 365 * 96],
    ['Europe/Berlin', 365 * 96],
  ])('in %s has %i, none twice, none lost, 15 minutes apart', (timeZone, count) => {
    const { slots, walked } = yearOf(timeZone);
    expect(slots).toHaveLength(count);
    expect(walked).toBe(count);
    expect(new Set(slots).size).toBe(count);
    const steps = new Set(slots.slice(1).map((slotMs, index) => slotMs - (slots[index] ?? 0)));
    expect([...steps]).toEqual([15 * 60_000]);
  });

  it('with windows that lie in the changed hours loses and doubles nothing either', () => {
    const zone = new SlotCalendar('Europe/Berlin');
    const schedule = plan({ at: ['02:30'], windows: [{ everyMin: 60, from: '01:00', to: '04:00' }] });
    const dayOf = (date: string, hours: number): string[] => {
      const fromMs = Date.parse(date);
      const slots = zone.between(schedule, fromMs, fromMs + hours * 3_600_000);
      return slots.map((slotMs) => new Date(slotMs).toISOString().slice(11, 16));
    };
    // 28 March 2027: 02:00 becomes 03:00. The window’s 02:00 and 03:00 are one instant then; 02:30 is 03:30.
    expect(dayOf('2027-03-27T23:00:00Z', 23)).toEqual(['00:00', '01:00', '01:30']);
    // 31 October 2027: 03:00 becomes 02:00; the fixed time is the first 02:30.
    expect(dayOf('2027-10-30T22:00:00Z', 25)).toEqual(['23:00', '00:00', '00:30', '01:00', '02:00']);
  });
});

it('1,000 cameras are spread over more than two minutes of a ten-minute interval, a few of them over one', () => {
  const delays = Array.from({ length: 1000 }, (_, index) => slotSpreadMs(`cam_${index}`, 600_000, 1000));
  const seconds = Map.groupBy(delays, (delay) => Math.floor(delay / 1000));
  const busiest = Math.max(...[...seconds.values()].map(({ length }) => length));
  expect(Math.max(...delays)).toBeGreaterThan(140_000);
  expect(busiest).toBeLessThan(20);
  expect(slotSpreadMs('cam_1', 600_000, 4)).toBeLessThanOrEqual(60_000);
});
