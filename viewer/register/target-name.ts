import { projects } from '../fleet/fleet-store.ts';
import type { Target } from './batch.ts';

/** The project's name as far as it is known. */
export function targetName(target: Target): string {
  if (target.kind === 'new') return target.name.trim();
  if (target.kind === 'none') return '';
  return projects.value.find(({ id }) => id === target.id)?.name ?? '';
}
