import { z } from 'zod';
import { calendarDate, id, timestamp } from './common.ts';
import { light } from './health.ts';
import { snapshotSchedule } from './schedule.ts';

/** One step (环节) of a project's yearly chain. */
export const milestone = z.strictObject({
  id,
  name: z.string(),
  unit: z.string(),
  owner: z.string(),
  dueOn: calendarDate.nullable(),
  doneOn: calendarDate.nullable(),
  light,
});
export type Milestone = z.infer<typeof milestone>;

/** A step as the tracker or a person gives it; the light is the gateway's own. */
export const milestoneInput = z.strictObject({
  id: id.optional(),
  name: z.string().trim().min(1).max(200),
  unit: z.string().max(200).default(''),
  owner: z.string().max(200).default(''),
  dueOn: calendarDate.nullable().default(null),
  doneOn: calendarDate.nullable().default(null),
});

/** A project's chain of steps in their order; ids that are given are unique. */
const milestoneChain = z
  .array(milestoneInput)
  .max(200)
  .superRefine((steps, context) => {
    const seen = new Set<string>();
    for (const [index, { id: stepId }] of steps.entries()) {
      if (stepId === undefined) continue;
      if (seen.has(stepId))
        context.addIssue({
          code: 'custom',
          path: [index, 'id'],
          message: `step ${stepId} is in the chain twice`,
        });
      seen.add(stepId);
    }
  });

/** A key project with its cameras counted and its steps lit. */
export const project = z.strictObject({
  id,
  externalId: z.string().nullable(),
  name: z.string(),
  district: z.string(),
  unit: z.string(),
  leader: z.string(),
  lat: z.number().nullable(),
  lon: z.number().nullable(),
  stage: z.string(),
  schedule: snapshotSchedule
    .nullable()
    .describe('When pictures are taken where a camera has no schedule of its own; null: snapshots.schedule'),
  light,
  lightReasons: z.array(z.string()),
  cameras: z.strictObject({ total: z.number().int(), online: z.number().int() }),
  milestones: z.array(milestone),
  archivedAt: timestamp.nullable(),
});
export type Project = z.infer<typeof project>;

const text = z.string().trim().max(200);

/** Body of POST /api/v1/projects. */
export const projectCreate = z.strictObject({
  name: text.min(1),
  externalId: text.min(1).nullable().default(null),
  district: text.default(''),
  unit: text.default(''),
  leader: text.default(''),
  lat: z.number().min(-90).max(90).nullable().default(null),
  lon: z.number().min(-180).max(180).nullable().default(null),
  stage: text.default(''),
  schedule: snapshotSchedule.nullable().optional(),
  milestones: milestoneChain.default([]),
});
export type ProjectCreate = z.infer<typeof projectCreate>;

/** Body of PATCH /api/v1/projects/{id}; `archived` true puts it away, false brings it back. */
export const projectPatch = z.strictObject({
  name: text.min(1).optional(),
  externalId: text.min(1).nullable().optional(),
  district: text.optional(),
  unit: text.optional(),
  leader: text.optional(),
  lat: z.number().min(-90).max(90).nullable().optional(),
  lon: z.number().min(-180).max(180).nullable().optional(),
  stage: text.optional(),
  schedule: snapshotSchedule.nullable().optional(),
  milestones: milestoneChain.optional(),
  archived: z.boolean().optional(),
});
export type ProjectPatch = z.infer<typeof projectPatch>;
