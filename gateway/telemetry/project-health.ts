import type { CameraHealth, ProjectHealth } from '../contract/health.ts';
import { worstLight } from '../status/reason-rules.ts';

/** What telemetry needs to know of a project. */
export interface TelemetryProject {
  id: string;
  externalId: string | null;
  name: string;
}

/** Reasons listed in a project's message; more are counted in the last line. */
const MAX_REASONS = 20;

/** The roll-up of a project: worst of its cameras' lights, their reasons in words, red before yellow; pure. */
export function projectHealthOf(
  project: TelemetryProject,
  cameras: readonly CameraHealth[],
  session: number,
  at: string,
): ProjectHealth {
  const counts = { total: cameras.length, green: 0, yellow: 0, red: 0, grey: 0 };
  for (const camera of cameras) counts[camera.light] += 1;
  const reasons = (['red', 'yellow'] as const).flatMap((light) =>
    cameras
      .filter((camera) => camera.light === light)
      .map((camera) => `${camera.name}: ${camera.reasons.map(({ message }) => message).join(' ')}`),
  );
  const more = reasons.length - MAX_REASONS;
  return {
    schema: 1,
    at,
    session,
    projectId: project.id,
    externalProjectId: project.externalId,
    name: project.name,
    light: worstLight(cameras.map(({ light }) => light)),
    reasons: more > 0 ? [...reasons.slice(0, MAX_REASONS), `and ${more} more cameras`] : reasons,
    cameras: counts,
  };
}
