import type { ProjectHealth } from '../contract/health.ts';
import type { ProjectLight } from '../summaries/project-light.ts';

/** What telemetry needs to know of a project. */
export interface TelemetryProject {
  id: string;
  externalId: string | null;
  name: string;
}

/** Reasons listed in a project's message; more are counted in the last line. */
const MAX_REASONS = 20;

/** The roll-up of a project: its light, why, and how many of its cameras and steps have which; pure. */
export function projectHealthOf(
  project: TelemetryProject,
  { light, reasons, cameras, stepCounts }: ProjectLight,
  session: number,
  at: string,
): ProjectHealth {
  const more = reasons.length - MAX_REASONS;
  return {
    schema: 1,
    at,
    session,
    projectId: project.id,
    externalProjectId: project.externalId,
    name: project.name,
    light,
    reasons: more > 0 ? [...reasons.slice(0, MAX_REASONS), `and ${more} more`] : reasons,
    cameras,
    steps: stepCounts,
  };
}
