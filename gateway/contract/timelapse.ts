import { z } from 'zod';
import { id, pageQuery, timestamp, timestampInput } from './common.ts';

const even = (height: number): boolean => height % 2 === 0;

/** Body of POST /api/v1/timelapses: every picture of the range, or one each `everyMin`, or one a day near a local hour. */
export const timelapseCreate = z
  .strictObject({
    cameraId: id,
    from: timestampInput,
    to: timestampInput.describe('End of the range (exclusive)'),
    everyMin: z
      .number()
      .int()
      .min(1)
      .max(44_640)
      .optional()
      .describe('One picture each so many minutes of local time'),
    hour: z
      .number()
      .min(0)
      .max(23.99)
      .optional()
      .describe('One picture a day, the nearest to this local hour (12.5 is 12:30), within two hours of it'),
    fps: z.number().int().min(1).max(60).default(25).describe('Pictures a second'),
    height: z
      .number()
      .int()
      .min(180)
      .max(2160)
      .refine(even, 'an even number')
      .default(1080)
      .describe('Height in pixels; the width is 16:9 of it, other shapes get bars'),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    message: 'the range is empty: give a time after from',
    path: ['to'],
  })
  .refine(({ everyMin, hour }) => everyMin === undefined || hour === undefined, {
    message: 'give either everyMin or hour',
    path: ['hour'],
  });
export type TimelapseCreate = z.infer<typeof timelapseCreate>;

export const timelapseState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled']);
export type TimelapseState = z.infer<typeof timelapseState>;

/** A time-lapse, wanted, under way or made. */
export const timelapse = z.strictObject({
  id,
  cameraId: id,
  from: timestamp,
  to: timestamp,
  everyMin: z.number().int().nullable(),
  hour: z.number().nullable(),
  fps: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
  state: timelapseState,
  progress: z.number().min(0).max(1),
  pictures: z.number().int().describe('Pictures in it so far; at the end all that it shows'),
  skipped: z.number().int().describe('Left out: dark, glaring, blurred, covered, frozen or unreadable'),
  bytes: z.number().int().nullable(),
  url: z.string().nullable().describe('The MP4, with range requests; null until it is done'),
  error: z.string().nullable().describe('In plain words, why it failed'),
  createdAt: timestamp,
  finishedAt: timestamp.nullable(),
});
export type Timelapse = z.infer<typeof timelapse>;

/** Reply of POST /api/v1/timelapses. */
export const timelapseStarted = z.strictObject({ id });

/** Query of GET /api/v1/timelapses; newest first. */
export const timelapseQuery = z.strictObject({ ...pageQuery.shape, cameraId: id.optional() });
export type TimelapseQuery = z.infer<typeof timelapseQuery>;
