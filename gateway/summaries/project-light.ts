import type { CameraHealth, Light } from '../contract/health.ts';
import type { Milestone } from '../contract/project.ts';
import type { MilestoneRecord } from '../fleet/project-record.ts';
import { worstLight } from '../status/reason-rules.ts';
import { stepLight } from './step-light.ts';

/** How many have which light. */
export interface LightCounts extends Record<Light, number> {
  total: number;
}

/** A project as it stands now. */
export interface ProjectLight {
  /** The worst of its steps' and cameras' lights; grey when archived. */
  light: Light;
  /** Why it is red or yellow, in plain words: red ones first, of each steps before cameras. */
  reasons: string[];
  steps: Milestone[];
  stepCounts: LightCounts;
  cameras: LightCounts;
}

/** What a project's light is made of beside its cameras. */
export interface LitProject {
  milestones: readonly MilestoneRecord[];
  archivedAtMs: number | null;
}

/** What of a camera's health counts for its project. */
export type LitCamera = Pick<CameraHealth, 'name' | 'light' | 'reasons'>;

/** Lights a project on the site's calendar date `today`; a camera that is not known yet is grey. Pure. */
export function projectLight(
  { milestones, archivedAtMs }: LitProject,
  cameras: readonly (LitCamera | undefined)[],
  today: string,
  warnDays: number,
): ProjectLight {
  const lit = milestones.map((milestone) => stepLight(milestone, today, warnDays));
  const steps = lit.map(({ step }) => step);
  const stepLights = steps.map(({ light }) => light);
  const cameraLights = cameras.map((camera) => camera?.light ?? 'grey');
  const archived = archivedAtMs !== null;
  const said = [
    ...lit.map(({ step, reason }) => ({ light: step.light, reason })),
    ...cameras.map(cameraReason),
  ];
  const reasonsOf = (wanted: Light): string[] =>
    said.flatMap(({ light, reason }) => (light === wanted && reason !== null ? [reason] : []));
  return {
    light: archived ? 'grey' : worstLight([...stepLights, ...cameraLights]),
    reasons: archived ? [] : [...reasonsOf('red'), ...reasonsOf('yellow')],
    steps,
    stepCounts: counted(stepLights),
    cameras: counted(cameraLights),
  };
}

function cameraReason(camera: LitCamera | undefined): { light: Light; reason: string | null } {
  if (!camera) return { light: 'grey', reason: null };
  const { name, light, reasons } = camera;
  const said = reasons.map(({ message }) => message).join(' ');
  return { light, reason: `${name}: ${said === '' ? `camera is ${light}` : said}` };
}

function counted(lights: readonly Light[]): LightCounts {
  const counts: LightCounts = { total: lights.length, green: 0, yellow: 0, red: 0, grey: 0 };
  for (const light of lights) counts[light] += 1;
  return counts;
}
