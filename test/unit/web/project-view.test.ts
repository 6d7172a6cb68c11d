import { describe, expect, it } from 'vitest';
import type { CameraHealth, Light } from '../../../gateway/contract/health.ts';
import type { CameraRecord } from '../../../gateway/fleet/camera-record.ts';
import type { MilestoneRecord, ProjectRecord } from '../../../gateway/fleet/project-record.ts';
import { ProjectView } from '../../../gateway/web/project-view.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function project(steps: [dueOn: string | null, doneOn: string | null][]): ProjectRecord {
  return {
    id: 'prj_1',
    externalId: null,
    name: 'A',
    district: '',
    unit: '',
    leader: '',
    lat: null,
    lon: null,
    stage: '',
    schedule: null,
    milestones: steps.map(([dueOn, doneOn], index): MilestoneRecord => ({
      id: `step_${index}`,
      name: `step ${index}`,
      unit: '',
      owner: '',
      dueOn,
      doneOn,
    })),
    archivedAtMs: null,
    createdAtMs: 0,
  };
}

function viewAt(time: string, lights: Light[] = []) {
  const cameras = lights.map((_, index) => ({ id: `cam_${index}`, projectId: 'prj_1' }) as CameraRecord);
  return new ProjectView({
    clock: new FakeClock(time),
    timeZone: 'Asia/Shanghai',
    warnDays: 7,
    cameras: {
      all: () => [...cameras, { id: 'cam_x', projectId: 'prj_2' } as CameraRecord],
      health: (id) => {
        const light = lights[Number(id.slice(4))];
        if (light === undefined) return undefined;
        const reasons =
          light === 'red' ? [{ code: 'unreachable', since: '', message: 'does not answer' }] : [];
        return { name: id, light, reasons } as unknown as CameraHealth;
      },
    },
  });
}

describe('the light of a project', () => {
  it('turns yellow seven days before a step is due and red the day after, by the site’s date', () => {
    const record = project([['2026-11-30', null]]);
    const at = (time: string) => viewAt(time).view(record);
    expect(at('2026-11-22T15:59:00Z')).toMatchObject({ light: 'green', lightReasons: [] });
    expect(at('2026-11-22T16:00:00Z')).toMatchObject({
      light: 'yellow',
      lightReasons: ['step 0: due in 7 days (2026-11-30)'],
    });
    expect(at('2026-11-30T15:59:00Z').lightReasons).toEqual(['step 0: due today (2026-11-30)']);
    expect(at('2026-11-30T16:00:00Z')).toMatchObject({
      light: 'red',
      lightReasons: ['step 0: overdue by 1 day (due 2026-11-30)'],
      milestones: [{ light: 'red' }],
    });
  });

  it('is green for a step that is done, even late, and grey without due date', () => {
    const view = viewAt('2026-11-23T06:00:00Z').view(
      project([
        ['2026-11-01', '2026-11-05'],
        [null, null],
      ]),
    );
    expect(view.milestones.map(({ light }) => light)).toEqual(['green', 'grey']);
    expect(view.light).toBe('green');
  });

  it('is the worst of steps and cameras, and counts the cameras', () => {
    const view = viewAt('2026-11-23T06:00:00Z', ['green', 'yellow', 'red', 'grey']).view(
      project([['2027-01-01', null]]),
    );
    expect(view).toMatchObject({
      light: 'red',
      lightReasons: ['cam_1: camera is yellow', 'cam_2: does not answer'],
      cameras: { total: 4, online: 2 },
    });
    expect(viewAt('2026-11-23T06:00:00Z').view(project([])).light).toBe('grey');
  });

  it('of an archived project is grey', () => {
    const record = { ...project([['2026-01-01', null]]), archivedAtMs: 0 };
    expect(viewAt('2026-11-23T06:00:00Z').view(record)).toMatchObject({
      light: 'grey',
      lightReasons: [],
      archivedAt: '1970-01-01T00:00:00.000Z',
    });
  });
});
