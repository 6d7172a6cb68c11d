import type { Camera } from '../../gateway/contract/camera.ts';
import type { Light, ReasonCode } from '../../gateway/contract/health.ts';
import type { Project } from '../../gateway/contract/project.ts';
import { isOnline, severity } from '../fleet/light-shape.ts';

/** Which lights are listed: all, those that someone must see to, or one. */
export type LightFilter = 'all' | 'todo' | Light;

/** What the list is narrowed to; empty texts narrow nothing. */
export interface HealthFilter {
  light: LightFilter;
  query: string;
  district: string;
  unit: string;
  reason: ReasonCode | '';
}

/** What the list is sorted by: worst first, longest in its light first, or least uptime first. */
export type HealthSort = 'light' | 'since' | 'uptime';

/** One camera of the list. */
export interface HealthRow {
  camera: Camera;
  project: Project | null;
}

/** How many cameras of a district or unit deliver pictures, of those in use. */
export interface GroupShare {
  name: string;
  online: number;
  total: number;
}

/** All cameras of projects that are not archived. */
export function healthRows(projects: readonly Project[], cameras: readonly Camera[]): HealthRow[] {
  const byId = new Map(projects.map((project) => [project.id, project]));
  return cameras
    .map((camera) => ({ camera, project: byId.get(camera.projectId) ?? null }))
    .filter(({ project }) => project === null || project.archivedAt === null);
}

/** The rows that pass the filter. */
export function filteredRows(rows: readonly HealthRow[], filter: HealthFilter): HealthRow[] {
  const words = filter.query.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ camera, project }) => {
    const { light, district, unit, reason } = filter;
    if (light === 'todo' ? severity(camera.light) < 2 : light !== 'all' && camera.light !== light)
      return false;
    if (district !== '' && project?.district !== district) return false;
    if (unit !== '' && project?.unit !== unit) return false;
    if (reason !== '' && !camera.reasons.some(({ code }) => code === reason)) return false;
    const where = textOf({ camera, project });
    return words.every((word) => where.includes(word));
  });
}

/** The rows in order; equal ones by project and name, so that they do not jump. */
export function sortedRows(
  rows: readonly HealthRow[],
  sort: HealthSort,
  facts: (cameraId: string) => { sinceMs: number; uptime: number | null },
): HealthRow[] {
  const place = ({ camera }: HealthRow): number => {
    if (sort === 'light') return -severity(camera.light);
    const { sinceMs, uptime } = facts(camera.id);
    return sort === 'since' ? sinceMs : (uptime ?? 2);
  };
  const name = ({ camera, project }: HealthRow): string => `${project?.name ?? ''} ${camera.name}`;
  return rows
    .map((row) => ({ row, place: place(row), name: name(row) }))
    .sort((a, b) => a.place - b.place || a.name.localeCompare(b.name, 'zh'))
    .map(({ row }) => row);
}

/** Districts or units with their share of cameras online, the worst first; those without a name are left out. */
export function groupShares(rows: readonly HealthRow[], by: 'district' | 'unit'): GroupShare[] {
  const groups = new Map<string, GroupShare>();
  for (const { camera, project } of rows) {
    const name = project?.[by] ?? '';
    if (name === '' || camera.light === 'grey') continue;
    const group = groups.get(name) ?? { name, online: 0, total: 0 };
    group.total += 1;
    if (isOnline(camera.light)) group.online += 1;
    groups.set(name, group);
  }
  return [...groups.values()].sort(
    (a, b) =>
      a.online / a.total - b.online / b.total || b.total - a.total || a.name.localeCompare(b.name, 'zh'),
  );
}

/** The reasons that cameras have now, the most frequent first. */
export function reasonCounts(rows: readonly HealthRow[]): { code: ReasonCode; count: number }[] {
  const counts = new Map<ReasonCode, number>();
  for (const { camera } of rows)
    for (const { code } of camera.reasons) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count);
}

/** How many rows have each light. */
export function lightCounts(rows: readonly HealthRow[]): Record<Light, number> {
  const counts: Record<Light, number> = { green: 0, yellow: 0, red: 0, grey: 0 };
  for (const { camera } of rows) counts[camera.light] += 1;
  return counts;
}

function textOf({ camera, project }: HealthRow): string {
  const address = camera.onvif?.xaddr ?? camera.rtsp.main;
  return [camera.name, camera.position, project?.name, project?.unit, project?.district, address]
    .join(' ')
    .toLowerCase();
}
