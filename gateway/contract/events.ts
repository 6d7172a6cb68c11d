import { z } from 'zod';
import { cameraHealth } from './health.ts';
import { discoveryJob } from './discovery.ts';
import { incident } from './incident.ts';
import { project } from './project.ts';
import { snapshot, snapshotGap } from './snapshot.ts';

/** A message of WS /api/v1/events. */
export const liveEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('health'), data: cameraHealth }),
  z.strictObject({ type: z.literal('snapshot'), data: z.union([snapshot, snapshotGap]) }),
  z.strictObject({ type: z.literal('job'), data: z.looseObject({ id: z.string() }) }),
  z.strictObject({ type: z.literal('discovery'), data: discoveryJob }),
  z.strictObject({ type: z.literal('project'), data: project }),
  z.strictObject({ type: z.literal('incident'), data: incident }),
]);
export type LiveEvent = z.infer<typeof liveEvent>;
