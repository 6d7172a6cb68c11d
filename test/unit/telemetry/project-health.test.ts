import { expect, it } from 'vitest';
import { projectHealth } from '../../../gateway/contract/health.ts';
import { projectLight } from '../../../gateway/summaries/project-light.ts';
import { projectHealthOf } from '../../../gateway/telemetry/project-health.ts';
import { healthOf } from './gateway-parts.ts';

it('is of the contract’s form and bounds the reasons, red first', () => {
  const cameras = Array.from({ length: 30 }, (_, index) =>
    healthOf(`c${index}`, index < 2 ? 'yellow' : 'red'),
  );
  const step = { id: 's', name: 'roof', unit: '', owner: '', dueOn: '2026-11-20', doneOn: null };
  const light = projectLight({ milestones: [step], archivedAtMs: null }, cameras, '2026-11-23', 7);
  const project = { id: 'prj_1', externalId: null, name: 'Bridge' };
  const health = projectHealth.parse(projectHealthOf(project, light, 1, '2026-11-23T06:00:00.000Z'));
  expect(health.light).toBe('red');
  expect(health.reasons).toHaveLength(21);
  expect(health.reasons.slice(0, 2)).toEqual([
    'roof: overdue by 3 days (due 2026-11-20)',
    'Camera c2: It does not answer.',
  ]);
  expect(health.reasons.at(-1)).toBe('and 11 more');
  expect(health.cameras).toEqual({ total: 30, green: 0, yellow: 2, red: 28, grey: 0 });
  expect(health.steps).toEqual({ total: 1, green: 0, yellow: 0, red: 1, grey: 0 });
});
