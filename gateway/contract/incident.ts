import { z } from 'zod';
import { id, page, pageQuery, timestamp } from './common.ts';
import { reasonCode } from './health.ts';

/** How an incident stands; one that got worse after its acknowledgement is open again. */
export const incidentState = z.enum(['open', 'acknowledged', 'escalated', 'closed']);
export type IncidentState = z.infer<typeof incidentState>;

/** One spell of trouble of a camera or of a project's step, from the first yellow or red light until it is over. */
export const incident = z.strictObject({
  id,
  kind: z.enum(['camera', 'step']),
  subjectId: id.describe('The camera, or the step'),
  subjectName: z.string(),
  projectId: id,
  projectName: z.string(),
  light: z.enum(['yellow', 'red']).describe('While it lasts as it is now, afterwards as it was last'),
  state: incidentState,
  reasons: z.array(
    z.strictObject({
      code: reasonCode.nullable().describe('null for a step'),
      since: timestamp,
      message: z.string(),
    }),
  ),
  openedAt: timestamp,
  redSince: timestamp.nullable(),
  relapses: z.number().int().describe('Times that it came back before it was over'),
  closedAt: timestamp.nullable(),
  closedBy: z
    .enum(['recovered', 'withdrawn'])
    .nullable()
    .describe('withdrawn: maintenance, disabled, removed, archived'),
  acknowledged: z
    .strictObject({
      at: timestamp,
      by: z.strictObject({ kind: z.enum(['user', 'token']), id, name: z.string() }),
      note: z.string(),
    })
    .nullable(),
  escalatedTo: z.string().nullable().describe('The last step of the chain that was told'),
});
export type Incident = z.infer<typeof incident>;
export const incidentPage = page(incident);

/** Query of GET /api/v1/incidents; newest first. */
export const incidentQuery = z.strictObject({
  ...pageQuery.shape,
  state: z
    .enum([...incidentState.options, 'active'])
    .optional()
    .describe('active: whatever is not over'),
  projectId: id.optional(),
});
export type IncidentQuery = z.infer<typeof incidentQuery>;

/** Body of POST /api/v1/incidents/{id}/acknowledge. */
export const acknowledgement = z.strictObject({
  note: z.string().trim().max(500).default('').describe('What is done about it'),
});
