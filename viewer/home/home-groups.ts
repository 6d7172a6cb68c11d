import type { Camera } from '../../gateway/contract/camera.ts';
import type { Light } from '../../gateway/contract/health.ts';
import type { Project } from '../../gateway/contract/project.ts';
import { severity } from '../fleet/light-shape.ts';
import { fleetTree } from '../fleet/fleet-tree.ts';

/** A stretch of the phone's list. */
export interface HomeGroup {
  name: 'attention' | 'fine' | 'unused';
  rows: { camera: Camera; project: Project }[];
}

function groupOf(light: Light): HomeGroup['name'] {
  if (light === 'grey') return 'unused';
  return severity(light) > 1 ? 'attention' : 'fine';
}

/** Cameras in groups, worst first; only those that match the search and, when given, have the light. */
export function homeGroups(
  projects: readonly Project[],
  cameras: readonly Camera[],
  query: string,
  light: Light | null,
): HomeGroup[] {
  const rows = fleetTree(projects, cameras, { query, troubledOnly: false })
    .flatMap((district) => district.projects)
    .flatMap(({ project, cameras: own }) => own.map((camera) => ({ camera, project })))
    .filter(({ camera }) => light === null || camera.light === light)
    .sort((a, b) => severity(b.camera.light) - severity(a.camera.light));
  return (['attention', 'fine', 'unused'] as const)
    .map((name) => ({ name, rows: rows.filter(({ camera }) => groupOf(camera.light) === name) }))
    .filter((group) => group.rows.length > 0);
}
