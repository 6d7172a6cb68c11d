import { z } from 'zod';
import { calendarDate, id, timestamp, timestampInput } from './common.ts';

/** What the third number of an index entry stands for, in this order; the position is part of the interface. */
export const verdictCodes = ['ok', 'black', 'overexposed', 'blurred', 'frozen', 'covered', 'moved'] as const;

/** Bits of an index entry's last number. */
export const snapshotFlags = { scheduled: 1, noted: 2, milestone: 4, picked: 8 } as const;

/** Query of GET /api/v1/cameras/{id}/snapshots/index. */
export const indexQuery = z.strictObject({
  from: timestampInput.optional(),
  to: timestampInput.optional(),
});
export type IndexQuery = z.infer<typeof indexQuery>;

/** The pictures of a camera in order of time, as small as JSON lets them be. */
export const snapshotIndex = z.strictObject({
  items: z
    .array(
      z.tuple([
        id,
        z.number().int().describe('takenAt, ms since 1970'),
        z
          .number()
          .int()
          .min(0)
          .describe(`Verdict: ${verdictCodes.join(', ')} from 0 on`),
        z.number().int().min(0).max(255).describe('Mean luminance'),
        z.number().int().describe('Bits: 1 scheduled, 2 has a note, 4 attached to a step, 8 picked'),
      ]),
    )
    .describe('At most 200,000; ask again from `nextFrom` for more'),
  nextFrom: timestamp.nullable().describe('Where the rest begins; null when this is all'),
});
export type SnapshotIndex = z.infer<typeof snapshotIndex>;

/** Path of a sheet: a day, or a month with one picture a day. */
export const sheetParams = z.strictObject({
  id,
  date: z
    .union([calendarDate, z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/)])
    .describe('YYYY-MM-DD or YYYY-MM'),
});

/** Query of the sheets; `hour` counts for a month alone. */
export const sheetQuery = z.strictObject({
  page: z.coerce.number().int().min(1).max(100).default(1).describe('A day has 96 pictures a page'),
  hour: z.coerce
    .number()
    .int()
    .min(0)
    .max(23)
    .default(12)
    .describe('Local hour that the pictures of a month are nearest to'),
  version: z
    .string()
    .max(32)
    .optional()
    .describe('`version` of the description; lets browsers keep the file'),
});
export type SheetQuery = z.infer<typeof sheetQuery>;

/** What stands where on a sheet of thumbnails: row by row from the top left. */
export const thumbSheet = z.strictObject({
  tileWidth: z.number().int(),
  tileHeight: z.number().int(),
  columns: z.number().int(),
  page: z.number().int(),
  pages: z.number().int(),
  version: z.string().describe('Changes whenever the picture does'),
  items: z.array(z.strictObject({ id, takenAt: timestamp })),
});
export type ThumbSheet = z.infer<typeof thumbSheet>;

/** Body of PATCH /api/v1/snapshots/{id}. */
export const snapshotPatch = z.strictObject({
  note: z.string().trim().max(2000).nullable().optional().describe('Null or empty takes it away'),
  milestoneId: id.nullable().optional().describe('A step of the project that the camera belongs to'),
  picked: z.boolean().optional().describe('Picked for the brief'),
});
export type SnapshotPatch = z.infer<typeof snapshotPatch>;

/** Query of GET /api/v1/snapshots/compare. */
export const comparisonQuery = z.strictObject({ left: id, right: id });

/** How two pictures lie on each other. */
export const pictureComparison = z.strictObject({
  sameCamera: z.boolean(),
  shiftPx: z
    .number()
    .nullable()
    .describe('How far the view has moved, in pixels of the left original; null when they cannot be matched'),
  similarity: z.number().min(0).max(1).describe('Correlation of the edges once the shift is taken out'),
  moved: z.boolean().describe('The two show different views, or the same one shifted visibly'),
  lumaDifference: z.number().min(0).max(255).describe('Difference of the mean luminances'),
});
export type PictureComparison = z.infer<typeof pictureComparison>;
