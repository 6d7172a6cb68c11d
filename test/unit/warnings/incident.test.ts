import { describe, expect, it } from 'vitest';
import type { Light } from '../../../gateway/contract/health.ts';
import {
  isAcknowledged,
  observe,
  settleMsAfter,
  settled,
  stateOf,
} from '../../../gateway/warnings/incident.ts';
import type { IncidentRecord, Sighting } from '../../../gateway/warnings/incident.ts';

const MIN = 60_000;

function seen(light: Light, atMin: number): Sighting {
  return {
    kind: 'camera',
    subjectId: 'c1',
    subjectName: '机位 1',
    projectId: 'p1',
    light,
    reasons: [],
    step: null,
    atMs: atMin * MIN,
  };
}

/** Lights at minutes, one after the other; each calm that has lasted ends the incident. */
function after(...lights: [Light, number][]): IncidentRecord | undefined {
  let record: IncidentRecord | undefined;
  for (const [light, atMin] of lights) {
    if (record) record = settled(record, atMin * MIN);
    if (record?.closedAtMs !== null) record = undefined;
    record = observe(record, seen(light, atMin), MIN);
  }
  return record;
}

describe('an incident', () => {
  it.each<[string, [Light, number][], Partial<IncidentRecord> | undefined]>([
    ['does not come of green', [['green', 1]], undefined],
    ['does not come of grey', [['grey', 1]], undefined],
    ['opens at the first yellow', [['yellow', 1]], { light: 'yellow', openedAtMs: MIN, redSinceMs: null }],
    ['opens at the first red', [['red', 1]], { light: 'red', openedAtMs: MIN, redSinceMs: MIN }],
    [
      'knows since when it is red',
      [
        ['yellow', 1],
        ['red', 3],
      ],
      { light: 'red', openedAtMs: MIN, redSinceMs: 3 * MIN },
    ],
    [
      'remembers that it was red',
      [
        ['red', 1],
        ['yellow', 3],
      ],
      { light: 'yellow', redSinceMs: MIN, relapses: 0 },
    ],
    [
      'is calm first, not over',
      [
        ['red', 1],
        ['green', 2],
      ],
      { calmSinceMs: 2 * MIN, closedAtMs: null },
    ],
    [
      'comes back within the calm',
      [
        ['red', 1],
        ['green', 2],
        ['red', 2.5],
      ],
      { calmSinceMs: null, relapses: 1, openedAtMs: MIN },
    ],
    [
      'is another one after the calm',
      [
        ['red', 1],
        ['green', 2],
        ['red', 4],
      ],
      { openedAtMs: 4 * MIN, relapses: 0 },
    ],
    [
      'is withdrawn by maintenance',
      [
        ['red', 1],
        ['grey', 2],
      ],
      { closedAtMs: 2 * MIN, closedBy: 'withdrawn' },
    ],
    [
      'is withdrawn from the calm too',
      [
        ['red', 1],
        ['green', 2],
        ['grey', 2.5],
      ],
      { closedBy: 'withdrawn' },
    ],
  ])('%s', (_, lights, expected) => {
    const record = after(...lights);
    if (expected === undefined) expect(record).toBeUndefined();
    else expect(record).toMatchObject(expected);
  });

  it('is over since the calm began', () => {
    const calm = after(['red', 1], ['green', 2]);
    if (!calm) throw new Error('no incident');
    expect(settled(calm, 3 * MIN - 1)).toBe(calm);
    expect(settled(calm, 3 * MIN)).toMatchObject({ closedAtMs: 2 * MIN, closedBy: 'recovered' });
  });

  it('is the very same object when nothing changed', () => {
    const record = after(['red', 1]);
    expect(observe(record, seen('red', 9), MIN)).toBe(record);
  });

  it('has the same id however often it is read, and another for another time', () => {
    expect(after(['red', 1])?.id).toBe(after(['yellow', 1])?.id);
    expect(after(['red', 1])?.id).not.toBe(after(['red', 2])?.id);
  });

  it('is open again when it got worse than what was taken on', () => {
    const yellow = after(['yellow', 1]);
    if (!yellow) throw new Error('no incident');
    const by = { kind: 'user', id: 'u', name: 'n' } as const;
    const taken: IncidentRecord = {
      ...yellow,
      acknowledged: { atMs: 2 * MIN, by, note: '', light: 'yellow' },
    };
    expect([isAcknowledged(taken), stateOf(taken)]).toEqual([true, 'acknowledged']);
    const worse = observe(taken, seen('red', 3), MIN);
    expect(worse && stateOf(worse)).toBe('open');
    expect(worse && stateOf({ ...worse, escalatedTo: '区' })).toBe('escalated');
    expect(worse && stateOf({ ...worse, closedAtMs: 1 })).toBe('closed');
  });
});

it('asks for a longer calm each time on one day, an hour at most, and for none of a step', () => {
  expect([0, 1, 2, 3, 4, 50].map((recent) => settleMsAfter('camera', recent) / MIN)).toEqual([
    1, 3, 9, 27, 60, 60,
  ]);
  expect(settleMsAfter('step', 3)).toBe(0);
});
