import type { CancelTimer, Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import { instantOf, localDate } from '../base/local-time.ts';
import type { Logger } from '../base/logger.ts';
import type { CameraHealth } from '../contract/health.ts';
import { dateAfter } from '../snapshots/slots-of-day.ts';
import { projectLight } from './project-light.ts';
import type { LitProject, ProjectLight } from './project-light.ts';

/** All projects and news of them. */
export interface LitProjects {
  all(): readonly (LitProject & { id: string })[];
  get(id: string): (LitProject & { id: string }) | undefined;
  onChange(listener: (change: { project: { id: string } }) => void): Unsubscribe;
}

/** Which camera belongs to which project, and news of that. */
export interface LitCameras {
  all(): readonly { id: string; projectId: string }[];
  onChange(
    listener: (change: {
      kind: 'added' | 'changed' | 'removed';
      camera: { id: string; projectId: string };
    }) => void,
  ): Unsubscribe;
}

/** How every camera is. */
export interface LitHealth {
  health(cameraId: string): CameraHealth | undefined;
  onHealth(listener: (health: CameraHealth) => void): Unsubscribe;
}

interface ProjectLightsOptions {
  clock: Clock;
  logger: Logger;
  /** IANA name of the site's time zone. */
  timeZone: string;
  /** `tracker.warnDays`. */
  warnDays: number;
  projects: LitProjects;
  cameras: LitCameras;
  health: LitHealth;
}

/** The wall clock may be set: the date is looked at this often, and at the site's midnight. */
const LOOK_MS = 60_000;

/**
 * The light of every project: of its steps by the site's calendar, of its cameras as they are. Tells changes by itself, also
 * when nothing but the date has changed. One for the gateway.
 */
export class ProjectLights {
  readonly #options: ProjectLightsOptions;
  readonly #changes: Emitter<string>;
  /** What was told last of each project. */
  readonly #told = new Map<string, string>();
  /** What counts of each camera, and its project. */
  readonly #cameras = new Map<string, { text: string; projectId: string }>();
  #ends: Unsubscribe[] = [];
  #today = '';
  #cancelLook: CancelTimer | undefined;

  constructor(options: ProjectLightsOptions) {
    this.#options = options;
    this.#changes = new Emitter((error) =>
      options.logger.error({ err: error }, 'a listener of project lights failed'),
    );
  }

  start(): void {
    const { projects, cameras, health } = this.#options;
    this.#today = this.#date();
    for (const { id, projectId } of cameras.all())
      this.#cameras.set(id, { text: textOf(health.health(id)), projectId });
    for (const { id } of projects.all()) this.#told.set(id, this.#text(id));
    this.#ends = [
      projects.onChange(({ project }) => this.#projectChanged(project.id)),
      cameras.onChange(({ kind, camera }) => this.#cameraChanged(kind, camera)),
      health.onHealth((told) => this.#healthTold(told)),
    ];
    this.#look();
  }

  stop(): void {
    for (const end of this.#ends.splice(0)) end();
    this.#cancelLook?.();
  }

  /** A project as it stands now. */
  lightOf(project: LitProject & { id: string }): ProjectLight {
    const { cameras, health, warnDays } = this.#options;
    const own = cameras.all().filter(({ projectId }) => projectId === project.id);
    const healths = own.map(({ id }) => health.health(id));
    return projectLight(project, healths, this.#date(), warnDays);
  }

  /** Called with the project's id when it, its light, its reasons or its counts have changed, or it is gone. */
  onChange(listener: (projectId: string) => void): Unsubscribe {
    return this.#changes.subscribe(listener);
  }

  #date(): string {
    const { clock, timeZone } = this.#options;
    return localDate(clock.now(), timeZone);
  }

  #text(projectId: string): string {
    const project = this.#options.projects.get(projectId);
    return project === undefined ? '' : JSON.stringify(this.lightOf(project));
  }

  /** Tells the project when what was told of it is no longer so. */
  #refresh(projectId: string): void {
    const text = this.#text(projectId);
    if (this.#told.get(projectId) === text) return;
    this.#told.set(projectId, text);
    this.#changes.emit(projectId);
  }

  #projectChanged(projectId: string): void {
    if (this.#options.projects.get(projectId)) this.#told.set(projectId, this.#text(projectId));
    else this.#told.delete(projectId);
    this.#changes.emit(projectId);
  }

  #cameraChanged(
    kind: 'added' | 'changed' | 'removed',
    { id, projectId }: { id: string; projectId: string },
  ): void {
    const before = this.#cameras.get(id);
    if (kind === 'removed') this.#cameras.delete(id);
    else this.#cameras.set(id, { text: textOf(this.#options.health.health(id)), projectId });
    if (before && before.projectId !== projectId) this.#refresh(before.projectId);
    this.#refresh(projectId);
  }

  #healthTold(health: CameraHealth): void {
    const { cameraId, projectId } = health;
    const text = textOf(health);
    if (this.#cameras.get(cameraId)?.text === text) return;
    this.#cameras.set(cameraId, { text, projectId });
    this.#refresh(projectId);
  }

  /** Looks whether another day has begun at the site, and again at the next midnight there. */
  #look(): void {
    const { clock, timeZone, projects } = this.#options;
    const today = this.#date();
    if (today !== this.#today) {
      this.#today = today;
      for (const { id } of projects.all()) this.#refresh(id);
    }
    const midnightMs = instantOf(dateAfter(today), 0, 0, timeZone);
    const untilMs = Math.min(LOOK_MS, Math.max(1, midnightMs - clock.now()));
    this.#cancelLook = clock.after(untilMs, () => this.#look());
  }
}

/** What of a camera's health its project depends on. */
function textOf(health: CameraHealth | undefined): string {
  if (!health) return '';
  const { projectId, name, light, reasons } = health;
  return JSON.stringify([projectId, name, light, reasons.map(({ message }) => message)]);
}
