import type { Light, ProjectHealth } from '../../contract/health.ts';
import type { ToldProject } from './generate-projects.ts';

/** What the simulator must know of the gateway to compute lights itself. */
export interface SiteRules {
  /** IANA name of the site's time zone. */
  timeZone: string;
  /** `tracker.warnDays` of the gateway. */
  warnDays: number;
}

/** What is wrong with what came of a published project. */
export interface ProjectFault {
  externalId: string;
  kind: 'missing' | 'wrong';
  message: string;
}

const DAY_MS = 86_400_000;
/** Around the site's midnight a roll-up may be of either day. */
const MIDNIGHT_GRACE_MS = 10_000;
const BY_WEIGHT: readonly Light[] = ['red', 'yellow', 'green'];

type Counts = ProjectHealth['steps'];

/** Follows the projects that the simulator has published: each comes back as a roll-up with the right lights. */
export class ProjectWatch {
  readonly #rules: SiteRules;
  readonly #published = new Map<string, ToldProject>();
  readonly #rollUps = new Map<string, ProjectHealth>();
  /** The gateway's id of each of the tracker's. */
  readonly #ids = new Map<string, string>();

  constructor(rules: SiteRules) {
    this.#rules = rules;
  }

  published(project: ToldProject): void {
    this.#published.set(project.externalId, project);
  }

  rollUp(health: ProjectHealth): void {
    this.#rollUps.set(health.projectId, health);
    if (health.externalProjectId !== null) this.#ids.set(health.externalProjectId, health.projectId);
  }

  gone(projectId: string): void {
    this.#rollUps.delete(projectId);
  }

  get counts(): { published: number; arrived: number; rollUps: number } {
    const arrived = [...this.#published.keys()].filter((id) => this.#of(id) !== undefined).length;
    return { published: this.#published.size, arrived, rollUps: this.#rollUps.size };
  }

  /** How many roll-ups have which light. */
  lights(): Record<Light, number> {
    const lights = { green: 0, yellow: 0, red: 0, grey: 0 };
    for (const { light } of this.#rollUps.values()) lights[light] += 1;
    return lights;
  }

  /** What is wrong at `nowMs` with what came of the published projects, by project; empty when all is well. */
  faults(nowMs: number): ProjectFault[] {
    return [...this.#published.values()].flatMap((project): ProjectFault[] => {
      const { externalId } = project;
      const health = this.#of(externalId);
      if (!health) return [{ externalId, kind: 'missing', message: 'its roll-up has not come back' }];
      const message = this.#faultOf(project, health, nowMs);
      return message === null ? [] : [{ externalId, kind: 'wrong', message }];
    });
  }

  #of(externalId: string): ProjectHealth | undefined {
    return this.#rollUps.get(this.#ids.get(externalId) ?? '');
  }

  #faultOf({ body }: ToldProject, health: ProjectHealth, nowMs: number): string | null {
    if (health.name !== body.name.trim()) return `its name is ${health.name}, not ${body.name}`;
    const wanted = [nowMs, nowMs - MIDNIGHT_GRACE_MS].map((atMs) => this.#stepCounts(body, atMs));
    if (wanted.some((counts) => sameCounts(counts, health.steps))) return null;
    return `its steps are ${shown(health.steps)}; by the site’s calendar they are ${shown(wanted[0])}`;
  }

  /** Computed here, not with the gateway's own code: a check that shares what it checks finds nothing. */
  #stepCounts({ milestones = [] }: ToldProject['body'], atMs: number): Counts {
    const { timeZone, warnDays } = this.#rules;
    const today = Date.parse(new Intl.DateTimeFormat('sv-SE', { timeZone }).format(atMs));
    const counts = { total: milestones.length, green: 0, yellow: 0, red: 0, grey: 0 };
    for (const { dueOn, doneOn } of milestones) {
      const left = typeof dueOn === 'string' ? (Date.parse(dueOn) - today) / DAY_MS : null;
      if (typeof doneOn === 'string') counts.green += 1;
      else if (left === null) counts.grey += 1;
      else if (left < 0) counts.red += 1;
      else if (left <= warnDays) counts.yellow += 1;
      else counts.green += 1;
    }
    return counts;
  }
}

/** What does not fit within a roll-up: its light is the worst of its cameras' and steps'; null when it does. */
export function rollUpProblem({ light, cameras, steps, reasons }: ProjectHealth): string | null {
  const worst = BY_WEIGHT.find((one) => cameras[one] + steps[one] > 0) ?? 'grey';
  if (light !== worst) return `its light is ${light}, the worst of its cameras and steps is ${worst}`;
  if ((light === 'red' || light === 'yellow') && reasons.length === 0)
    return `it is ${light} without a reason`;
  return null;
}

function sameCounts(a: Counts, b: Counts): boolean {
  return a.total === b.total && BY_WEIGHT.every((light) => a[light] === b[light]) && a.grey === b.grey;
}

function shown(counts: Counts | undefined): string {
  if (!counts) return 'unknown';
  const { green, yellow, red, grey } = counts;
  return `${green} green, ${yellow} yellow, ${red} red, ${grey} grey`;
}
