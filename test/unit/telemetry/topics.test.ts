import { expect, it } from 'vitest';
import { Topics } from '../../../gateway/telemetry/topics.ts';

const topics = new Topics('gantry/g1/');

it('puts every topic below the root', () => {
  expect(topics.status).toBe('gantry/g1/status');
  expect(topics.cameraHealth('a')).toBe('gantry/g1/cameras/a/health');
  expect(topics.inbound).toEqual(['gantry/g1/tracker/projects/+', 'gantry/g1/cameras/+/command']);
});

it('reads the topics it listens to and no other', () => {
  expect(topics.parse('gantry/g1/tracker/projects/P-1')).toEqual({
    kind: 'tracker-project',
    externalId: 'P-1',
  });
  expect(topics.parse('gantry/g1/cameras/a/command')).toEqual({ kind: 'camera-command', cameraId: 'a' });
  for (const other of [
    'gantry/g2/cameras/a/command',
    'gantry/g1/cameras/a/command/result',
    'gantry/g1/cameras//command',
    'gantry/g1/tracker/projects/',
    'gantry/g1/tracker/errors',
    'gantry/g1',
  ])
    expect(topics.parse(other)).toBeUndefined();
});
