import { neverContacted } from '../config/network-defaults.ts';
import { systemClock as clock } from './base/clock.ts';
import { toRfc3339 } from './base/clock.ts';
import { instantOf, localDate } from './base/local-time.ts';
import { NetworkGuard } from './base/network-guard.ts';
import type { Fleet, Site } from './site.ts';
import type { ProjectLights } from './summaries/project-lights.ts';
import { stepLight } from './summaries/step-light.ts';
import type { LitStep } from './summaries/step-light.ts';
import type { ChangeSource, IncidentSubjects } from './warnings/incidents.ts';
import { Warnings } from './warnings/warnings.ts';

type SeenStep = ReturnType<IncidentSubjects['steps']>[number];

/** Makes the messages to people over the fleet and the recorded changes of light. */
export function buildWarnings(
  site: Site,
  fleet: Fleet & { projectLights: ProjectLights },
  changes: ChangeSource,
): Warnings {
  const { config, storage, loggerOf } = site;
  const { allowedNetworks, keepDays } = config.notifications;
  return new Warnings({
    clock,
    logger: loggerOf('warnings'),
    database: storage.database,
    secretBox: storage.secretBox,
    guard: new NetworkGuard(allowedNetworks, { key: 'notifications.allowedNetworks', never: neverContacted }),
    changes,
    subjects: incidentSubjects(site, fleet),
    cameraCount: (projectId) =>
      fleet.cameras.all().filter((camera) => camera.projectId === projectId && camera.enabled).length,
    timeZone: config.snapshots.timeZone,
    publicUrl: config.http.publicUrl?.replace(/\/$/, '') ?? null,
    keepDays,
  });
}

/** The fleet as incidents see it. */
function incidentSubjects(
  { config }: Site,
  { cameras, projects, projectLights }: Fleet & { projectLights: ProjectLights },
): IncidentSubjects {
  const { timeZone } = config.snapshots;
  const { warnDays } = config.tracker;
  return {
    camera: (id) => cameras.get(id),
    project: (id) => projects.get(id),
    steps() {
      const today = localDate(clock.now(), timeZone);
      const since = toRfc3339(instantOf(today, 0, 0, timeZone));
      const running = projects.all().filter(({ archivedAtMs }) => archivedAtMs === null);
      return running.flatMap(({ id: projectId, milestones }) =>
        milestones.map((milestone) => ({
          projectId,
          ...seenStep(stepLight(milestone, today, warnDays), since),
        })),
      );
    },
    onStepsChange(listener) {
      // Steps are edited, and their lights change at midnight by themselves.
      const ends = [projects.onChange(listener), projectLights.onChange(listener)];
      return () => ends.forEach((end) => end());
    },
  };
}

function seenStep({ step, reason }: LitStep, since: string): Omit<SeenStep, 'projectId'> {
  const { id, name, unit, owner, dueOn, light } = step;
  return {
    subjectId: id,
    subjectName: name,
    light,
    reasons: reason === null ? [] : [{ code: null, since, message: reason }],
    step: dueOn === null ? null : { dueOn, unit, owner },
  };
}
