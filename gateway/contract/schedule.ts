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

/** Five fields as in crontab(5): minute hour day month weekday, in the site's time zone. */
export const cronSchedule = z
  .string()
  .regex(/^\S+ \S+ \S+ \S+ \S+$/, 'five fields: minute hour day month weekday')
  .refine(isCron, 'not a cron expression that ever comes true')
  .describe('Cron expression such as "*/15 7-18 * * *"');

/** When pictures are taken: a window with an interval, or a cron expression. */
export const snapshotSchedule = z.union([windowSchedule, cronSchedule]);
export type SnapshotSchedule = z.infer<typeof snapshotSchedule>;

function isCron(expression: string): boolean {
  try {
    return new Cron(expression, { paused: true, mode: '5-part' }).nextRun() !== null;
  } catch {
    return false;
  }
}
