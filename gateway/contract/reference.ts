import { z } from 'zod';
import { id, timestamp } from './common.ts';

/** Body of PUT /api/v1/cameras/{id}/reference. */
export const referenceChoice = z.strictObject({
  snapshotId: id.describe('A picture of this camera that shows the view as it should be'),
});
export type ReferenceChoice = z.infer<typeof referenceChoice>;

/** What the camera's view is held against to see whether it has moved. */
export const viewReference = z.strictObject({
  cameraId: id,
  confirmed: z.boolean().describe('A technician has confirmed it; else the first good pictures count'),
  snapshotId: id
    .nullable()
    .describe('The picture confirmed, or the newest learnt; null when there is none yet'),
  takenAt: timestamp.nullable(),
  learnt: z.number().int().min(0).describe('References in other lights, learnt from good pictures'),
});
export type ViewReference = z.infer<typeof viewReference>;
