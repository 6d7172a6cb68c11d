import { expect, it } from 'vitest';
import { projectHealth } from '../../../gateway/contract/health.ts';
import { projectHealthOf } from '../../../gateway/telemetry/project-health.ts';
import { healthOf } from './gateway-parts.ts';

const project = { id: 'prj_1', externalId: null, name: 'Bridge' };
const at = '2026-11-23T06:00:00.000Z';

it('has the worst light of its cameras; grey ones do not lower it', () => {
  const light = (...lights: Parameters<typeof healthOf>[1][]) =>
    projectHealthOf(
      project,
      lights.map((one, index) => healthOf(`c${index}`, one)),
      1,
      at,
    ).light;
  expect(light()).toBe('grey');
  expect(light('grey', 'grey')).toBe('grey');
  expect(light('grey', 'green')).toBe('green');
  expect(light('green', 'yellow', 'grey')).toBe('yellow');
  expect(light('yellow', 'red', 'green')).toBe('red');
});

it('lists reasons red first and bounds them', () => {
  const cameras = Array.from({ length: 30 }, (_, index) =>
    healthOf(`c${index}`, index < 2 ? 'yellow' : 'red'),
  );
  const health = projectHealth.parse(projectHealthOf(project, cameras, 1, at));
  expect(health.reasons).toHaveLength(21);
  expect(health.reasons[0]).toBe('Camera c2: It does not answer.');
  expect(health.reasons.at(-1)).toBe('and 10 more cameras');
  expect(health.cameras).toEqual({ total: 30, green: 0, yellow: 2, red: 28, grey: 0 });
});
