import { Cron } from 'croner';
import { z } from 'zod';

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM');

/**
 * Pictures every `everyMin` minutes counted from local midnight, within `from` (inclusive) to `to` (exclusive; `00:00`
 * is the day's end) on the given weekdays, in the site's time zone.
 */
export const windowSchedule = z.strictObject({
  everyMin: z
    .number()
    .int()
    .min(1)
    .max(1440)
    .default(30)
    .describe('Minutes between pictures, counted from local midnight'),
  from: clockTime.default('00:00').describe('First picture of the day, local time HH:MM'),
  to: clockTime.default('00:00').describe('End of the day’s window (exclusive); 00:00 means midnight'),
  weekdays: z
    .array(z.number().int().min(1).max(7))
    .min(1)
    .default([1, 2, 3, 4, 5, 6, 7])
    .describe('Days with pictures, Monday is 1'),
});
export type WindowSchedule = z.infer<typeof windowSchedule>;

/** A time of day: `HH:MM`, or sunrise or sunset of the project's place with minutes added or taken off. */
export const dayTime = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|(sunrise|sunset)([+-]([1-9]\d?|1\d\d))?)$/, 'HH:MM, sunrise or sunset-30')
  .describe('HH:MM, or sunrise, sunset, sunrise+15, sunset-30 (minutes) at the project’s place');
export type DayTime = z.infer<typeof dayTime>;

const weekdays = z
  .array(z.number().int().min(1).max(7))
  .min(1)
  .default([1, 2, 3, 4, 5, 6, 7])
  .describe('Days with pictures, Monday is 1');

const planWindow = z.strictObject({
  everyMin: z.number().int().min(1).max(1440).default(30).describe('Minutes between pictures'),
  from: dayTime.default('00:00').describe('First picture of the day'),
  to: dayTime.default('00:00').describe('End of the window (exclusive); 00:00 means midnight'),
  weekdays,
});
export type PlanWindow = z.infer<typeof planWindow>;

const pause = z
  .strictObject({
    from: z.iso.date().describe('First day without pictures'),
    to: z.iso.date().describe('Last day without pictures'),
    note: z.string().max(200).default('').describe('Why, as in Spring Festival'),
  })
  .refine(({ from, to }) => from <= to, 'a pause ends on the day it begins or later');

/**
 * Several windows, fixed times and pauses together, in the site's time zone. Where a window begins or ends with the sun,
 * its pictures count from there, else from local midnight. A slot that several parts name is one slot.
 */
export const planSchedule = z
  .strictObject({
    windows: z.array(planWindow).max(20).describe('Pictures at an interval'),
    at: z.array(dayTime).max(96).default([]).describe('Pictures at fixed times or with the sun'),
    weekdays: weekdays.describe('Days of the times in `at`, Monday is 1'),
    pauses: z.array(pause).max(100).default([]).describe('Stretches of days without pictures'),
  })
  .refine(({ windows, at }) => windows.length + at.length > 0, 'give at least one window or time');
export type PlanSchedule = z.infer<typeof planSchedule>;

/** Five fields as in crontab(5): minute hour day month weekday, in the site's time zone. */
export const cronSchedule = z
  .string()
  .regex(/^\S+ \S+ \S+ \S+ \S+$/, 'five fields: minute hour day month weekday')
  .refine(isCron, 'not a cron expression that ever comes true')
  .describe('Cron expression such as "*/15 7-18 * * *"');

export type CronSchedule = z.infer<typeof cronSchedule>;

/** When pictures are taken: a window with an interval, a cron expression, or a plan of several parts. */
export const snapshotSchedule = z.union([windowSchedule, cronSchedule, planSchedule]);
export type SnapshotSchedule = z.infer<typeof snapshotSchedule>;

function isCron(expression: string): boolean {
  try {
    return new Cron(expression, { paused: true, mode: '5-part' }).nextRun() !== null;
  } catch {
    return false;
  }
}
