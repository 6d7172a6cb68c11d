import { expect, it } from 'vitest';
import { uptimeOf } from '../../../gateway/status/uptime.ts';

it('counts green and yellow as up, red as down', () => {
  const lights = [
    { atMs: 0, light: 'green' as const },
    { atMs: 40, light: 'red' as const },
    { atMs: 60, light: 'yellow' as const },
  ];
  expect(uptimeOf(lights, [], 0, 100)).toBeCloseTo(0.8);
});

it('leaves out grey time and the gateway’s own downtime', () => {
  const lights = [
    { atMs: 0, light: 'green' as const },
    { atMs: 50, light: 'grey' as const },
    { atMs: 70, light: 'red' as const },
  ];
  expect(uptimeOf(lights, [{ fromMs: 80, toMs: 100 }], 0, 100)).toBeCloseTo(50 / 60);
});

it('carries the light from before the span into it', () => {
  expect(uptimeOf([{ atMs: -500, light: 'red' }], [], 0, 100)).toBe(0);
});

it('is null when nothing is known', () => {
  expect(uptimeOf([], [], 0, 100)).toBeNull();
  expect(uptimeOf([{ atMs: 0, light: 'green' }], [{ fromMs: 0, toMs: 100 }], 0, 100)).toBeNull();
});
