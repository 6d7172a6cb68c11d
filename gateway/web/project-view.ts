import { toRfc3339 } from '../base/clock.ts';
import type { Project } from '../contract/project.ts';
import type { ProjectRecord } from '../fleet/project-record.ts';
import type { ProjectViews, WebProjectLights } from './web-services.ts';

/** Composes projects' wire forms; keeps nothing. */
export class ProjectView implements ProjectViews {
  readonly #lights: Pick<WebProjectLights, 'lightOf'>;

  constructor(lights: Pick<WebProjectLights, 'lightOf'>) {
    this.#lights = lights;
  }

  view(record: ProjectRecord): Project {
    const { milestones: _steps, archivedAtMs, createdAtMs: _, ...fields } = record;
    const { light, reasons, steps, cameras } = this.#lights.lightOf(record);
    return {
      ...fields,
      light,
      lightReasons: reasons,
      cameras: { total: cameras.total, online: cameras.green + cameras.yellow },
      milestones: steps,
      archivedAt: archivedAtMs === null ? null : toRfc3339(archivedAtMs),
    };
  }
}
