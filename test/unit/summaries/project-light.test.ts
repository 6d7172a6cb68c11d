import { describe, expect, it } from 'vitest';
import type { Light } from '../../../gateway/contract/health.ts';
import type { MilestoneRecord } from '../../../gateway/fleet/project-record.ts';
import { projectLight } from '../../../gateway/summaries/project-light.ts';
import type { LitCamera, ProjectLight } from '../../../gateway/summaries/project-light.ts';

type Step = [dueOn: string | null, doneOn: string | null];

function lit(today: string, steps: Step[], cameras: (LitCamera | undefined)[] = []): ProjectLight {
  const milestones = steps.map(([dueOn, doneOn], index): MilestoneRecord => ({
    id: `step_${index}`,
    name: `step ${index}`,
    unit: '',
    owner: '',
    dueOn,
    doneOn,
  }));
  return projectLight({ milestones, archivedAtMs: null }, cameras, today, 7);
}

function camera(name: string, light: Light, ...messages: string[]): LitCamera {
  return { name, light, reasons: messages.map((message) => ({ code: 'unreachable', since: '', message })) };
}

describe('the light of a project', () => {
  it('turns yellow seven days before a step is due and red the day after', () => {
    const at = (today: string) => lit(today, [['2026-11-30', null]]);
    expect(at('2026-11-22')).toMatchObject({ light: 'green', reasons: [] });
    expect(at('2026-11-23')).toMatchObject({
      light: 'yellow',
      reasons: ['step 0: due in 7 days (2026-11-30)'],
    });
    expect(at('2026-11-29').reasons).toEqual(['step 0: due in 1 day (2026-11-30)']);
    expect(at('2026-11-30').reasons).toEqual(['step 0: due today (2026-11-30)']);
    expect(at('2026-12-01')).toMatchObject({
      light: 'red',
      reasons: ['step 0: overdue by 1 day (due 2026-11-30)'],
      steps: [{ light: 'red' }],
    });
  });

  it('is green for a step that is done, even late, and grey without due date', () => {
    const { steps, light, stepCounts } = lit('2026-11-23', [
      ['2026-11-01', '2026-11-05'],
      [null, null],
    ]);
    expect(steps.map((step) => step.light)).toEqual(['green', 'grey']);
    expect(light).toBe('green');
    expect(stepCounts).toEqual({ total: 2, green: 1, yellow: 0, red: 0, grey: 1 });
  });

  it('is the worst of steps and cameras; reasons come red first, steps before cameras', () => {
    const cameras = [
      camera('gate', 'green'),
      camera('crane', 'yellow'),
      camera('hall', 'red', 'It does not answer.', 'The disk is full.'),
      camera('roof', 'grey', 'It is in maintenance.'),
      undefined,
    ];
    const project = lit('2026-11-23', [['2026-11-25', null]], cameras);
    expect(project).toMatchObject({
      light: 'red',
      reasons: [
        'hall: It does not answer. The disk is full.',
        'step 0: due in 2 days (2026-11-25)',
        'crane: camera is yellow',
      ],
      cameras: { total: 5, green: 1, yellow: 1, red: 1, grey: 2 },
    });
  });

  it('is not lowered by what is grey, and grey when there is nothing else', () => {
    expect(lit('2026-11-23', []).light).toBe('grey');
    expect(lit('2026-11-23', [], [camera('a', 'grey')]).light).toBe('grey');
    expect(lit('2026-11-23', [[null, null]], [camera('a', 'green')]).light).toBe('green');
  });

  it('of an archived project is grey, without reasons', () => {
    const step = { id: 's', name: 's', unit: '', owner: '', dueOn: '2026-01-01', doneOn: null };
    const { light, reasons } = projectLight({ milestones: [step], archivedAtMs: 0 }, [], '2026-11-23', 7);
    expect({ light, reasons }).toEqual({ light: 'grey', reasons: [] });
  });
});
