import { z } from 'zod';
import { calendarDate, id, timestamp, timestampInput } from './common.ts';

export const pictureQuality = z.strictObject({
  luma: z.number().min(0).max(255).describe('Mean luminance'),
  sharpness: z
    .number()
    .min(0)
    .describe('Standard deviation of the Laplacian of the luminance, on a picture 640 wide'),
  verdict: z.enum(['ok', 'black', 'overexposed', 'blurred', 'frozen', 'covered', 'moved']),
});
export type PictureQuality = z.infer<typeof pictureQuality>;

/** One picture of the record; immutable but for `milestoneId`, `note` and `picked`, which the hash does not cover. */
export const snapshot = z.strictObject({
  id,
  cameraId: id,
  takenAt: timestamp,
  scheduledFor: timestamp.nullable(),
  width: z.number().int(),
  height: z.number().int(),
  bytes: z.number().int(),
  sha256: z.string().length(64),
  chainHash: z.string().length(64),
  prevHash: z.string().length(64),
  source: z.enum(['keyframe', 'onvif']),
  quality: pictureQuality,
  milestoneId: id.nullable(),
  note: z.string().nullable(),
  picked: z.boolean().describe('Picked for the brief'),
});
export type Snapshot = z.infer<typeof snapshot>;

/** A slot of the schedule that ended without a picture. */
export const snapshotGap = z.strictObject({
  cameraId: id,
  scheduledFor: timestamp,
  reason: z.string().describe('A reason code, or `not-running` when the gateway was off'),
  message: z.string(),
});
export type SnapshotGap = z.infer<typeof snapshotGap>;

/** Query of GET /api/v1/cameras/{id}/snapshots/gaps; both ends default to the last 31 days. */
export const gapQuery = z.strictObject({ from: timestampInput.optional(), to: timestampInput.optional() });
export type GapQuery = z.infer<typeof gapQuery>;

/** Query of GET /api/v1/cameras/{id}/snapshots. */
export const snapshotQuery = z.strictObject({
  from: timestampInput.optional(),
  to: timestampInput.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(200).optional(),
  every: z.enum(['hour', 'day', 'week', 'month']).optional().describe('One a period, the nearest to `hour`'),
  hour: z.coerce.number().min(0).max(23.99).default(12).describe('Local hour that `every` aims at'),
  order: z.enum(['asc', 'desc']).default('asc'),
});
export type SnapshotQuery = z.infer<typeof snapshotQuery>;

/** Query of GET /api/v1/snapshots/{id}/image. */
export const imageQuery = z.strictObject({
  size: z.enum(['full', 'large', 'thumb']).default('full'),
  format: z.enum(['jpeg', 'webp', 'avif']).optional().describe('Default: jpeg for full, else by Accept'),
  watermark: z.enum(['0', '1']).default('0'),
});
export type ImageQuery = z.infer<typeof imageQuery>;

export const calendarQuery = z.strictObject({
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'YYYY-MM'),
});

/** Reply of GET /api/v1/cameras/{id}/snapshots/calendar. */
export const snapshotCalendar = z.strictObject({
  days: z.array(
    z.strictObject({
      date: calendarDate,
      expected: z.number().int(),
      taken: z.number().int(),
      missed: z.number().int(),
    }),
  ),
});
export type SnapshotCalendar = z.infer<typeof snapshotCalendar>;

/** Reply of GET /api/v1/cameras/{id}/snapshots/verify. */
export const chainVerdict = z.strictObject({
  ok: z.boolean(),
  checked: z.number().int(),
  firstBadId: id.nullable(),
  reason: z.string().nullable(),
});
export type ChainVerdict = z.infer<typeof chainVerdict>;
