import type { Camera } from '../../gateway/contract/camera.ts';
import type { Light } from '../../gateway/contract/health.ts';
import type { Project } from '../../gateway/contract/project.ts';
import { isOnline, severity } from './light-shape.ts';

/** A project with the cameras shown under it. */
export interface ProjectBranch {
  project: Project;
  cameras: Camera[];
  online: number;
}

/** A district with its projects. */
export interface DistrictBranch {
  district: string;
  projects: ProjectBranch[];
  total: number;
  online: number;
}

/** Whether every word of the search is in the name, position, project, unit or district. */
function matches(query: string, project: Project, camera: Camera | null): boolean {
  const where = [project.name, project.unit, project.district, camera?.name, camera?.position]
    .join(' ')
    .toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => where.includes(word));
}

/** The fleet as a tree district → project → camera; `query` keeps matching cameras, `troubledOnly` those not green. */
export function fleetTree(
  projects: readonly Project[],
  cameras: readonly Camera[],
  filter: { query: string; troubledOnly: boolean },
): DistrictBranch[] {
  const query = filter.query.trim();
  const narrowed = query !== '' || filter.troubledOnly;
  const districts = new Map<string, DistrictBranch>();
  for (const project of projects) {
    if (project.archivedAt !== null) continue;
    const own = cameras.filter(
      (camera) =>
        camera.projectId === project.id &&
        matches(query, project, camera) &&
        (!filter.troubledOnly || severity(camera.light) > 1),
    );
    if (narrowed && own.length === 0) continue;
    const online = own.filter((camera) => isOnline(camera.light)).length;
    const branch = districts.get(project.district) ?? {
      district: project.district,
      projects: [],
      total: 0,
      online: 0,
    };
    branch.projects.push({ project, cameras: own, online });
    branch.total += own.length;
    branch.online += online;
    districts.set(project.district, branch);
  }
  return [...districts.values()];
}

/** The worst light among cameras; grey when there are none. */
export function worstLight(cameras: readonly Camera[]): Light {
  return cameras.reduce<Light>(
    (worst, camera) => (severity(camera.light) > severity(worst) ? camera.light : worst),
    'grey',
  );
}
