import { toRfc3339 } from '../base/clock.ts';
import type { Clock } from '../base/clock.ts';
import { localDate } from '../base/local-time.ts';
import type { CameraHealth, Light } from '../contract/health.ts';
import type { Milestone, Project } from '../contract/project.ts';
import type { CameraRecord } from '../fleet/camera-record.ts';
import type { MilestoneRecord, ProjectRecord } from '../fleet/project-record.ts';
import type { ProjectViews } from './web-services.ts';

const DAY_MS = 86_400_000;
/** Grey tells nothing, so that any other light outweighs it. */
const SEVERITY: Record<Light, number> = { grey: 0, green: 1, yellow: 2, red: 3 };

/** What a project's light is made of beside its steps. */
interface LitCameras {
  all(): readonly CameraRecord[];
  health(cameraId: string): CameraHealth | undefined;
}

/** A step with its light and why. */
export interface LitStep extends Milestone {
  reason: string | null;
}

/** Composes projects' wire forms; keeps nothing. */
export class ProjectView implements ProjectViews {
  readonly #clock: Clock;
  readonly #timeZone: string;
  readonly #warnDays: number;
  readonly #cameras: LitCameras;

  constructor(options: { clock: Clock; timeZone: string; warnDays: number; cameras: LitCameras }) {
    this.#clock = options.clock;
    this.#timeZone = options.timeZone;
    this.#warnDays = options.warnDays;
    this.#cameras = options.cameras;
  }

  /** The light is the worst of the steps' and the cameras'; an archived project is grey. */
  view(record: ProjectRecord): Project {
    const { milestones, archivedAtMs, createdAtMs: _, ...fields } = record;
    const today = localDate(this.#clock.now(), this.#timeZone);
    const steps = milestones.map((step) => lightStep(step, today, this.#warnDays));
    const cameras = this.#cameras.all().filter(({ projectId }) => projectId === record.id);
    const healths = cameras.map(({ id }) => this.#cameras.health(id));
    const lights = [...steps.map(({ light }) => light), ...healths.map((health) => health?.light ?? 'grey')];
    const archived = archivedAtMs !== null;
    return {
      ...fields,
      light: archived ? 'grey' : worstOf(lights),
      lightReasons: archived ? [] : [...stepReasons(steps), ...cameraReasons(healths)],
      cameras: { total: cameras.length, online: healths.filter(isOnline).length },
      milestones: steps.map(({ reason: _reason, ...step }) => step),
      archivedAt: archivedAtMs === null ? null : toRfc3339(archivedAtMs),
    };
  }
}

/** A step is red past its due date, yellow within `warnDays` of it, else green; grey without a due date. Done is green. */
export function lightStep(step: MilestoneRecord, today: string, warnDays: number): LitStep {
  if (step.doneOn !== null) return { ...step, light: 'green', reason: null };
  if (step.dueOn === null) return { ...step, light: 'grey', reason: null };
  const daysLeft = Math.round((Date.parse(step.dueOn) - Date.parse(today)) / DAY_MS);
  if (daysLeft < 0) {
    return {
      ...step,
      light: 'red',
      reason: `${step.name}: overdue by ${days(-daysLeft)} (due ${step.dueOn})`,
    };
  }
  if (daysLeft <= warnDays) {
    const when = daysLeft === 0 ? 'today' : `in ${days(daysLeft)}`;
    return { ...step, light: 'yellow', reason: `${step.name}: due ${when} (${step.dueOn})` };
  }
  return { ...step, light: 'green', reason: null };
}

function stepReasons(steps: readonly LitStep[]): string[] {
  return steps.flatMap(({ reason }) => (reason === null ? [] : [reason]));
}

function cameraReasons(healths: readonly (CameraHealth | undefined)[]): string[] {
  return healths.flatMap((health) =>
    health && (health.light === 'red' || health.light === 'yellow')
      ? [`${health.name}: ${health.reasons[0]?.message ?? `camera is ${health.light}`}`]
      : [],
  );
}

function isOnline(health: CameraHealth | undefined): boolean {
  return health?.light === 'green' || health?.light === 'yellow';
}

function worstOf(lights: readonly Light[]): Light {
  return lights.reduce<Light>((worst, light) => (SEVERITY[light] > SEVERITY[worst] ? light : worst), 'grey');
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}
