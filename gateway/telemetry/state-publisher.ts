import type { CancelTimer, Clock } from '../base/clock.ts';
import { toRfc3339 } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { CameraHealth, GatewayStatus } from '../contract/health.ts';
import type { LitProject, ProjectLight } from '../summaries/project-light.ts';
import { projectHealthOf } from './project-health.ts';
import type { TelemetryProject } from './project-health.ts';
import type { Topics } from './topics.ts';

/** What the retained messages are made of. */
export interface HealthSource {
  all(): CameraHealth[];
  totals(): GatewayStatus['cameras'];
  onHealth(listener: (health: CameraHealth) => void): Unsubscribe;
}

/** News of cameras that are removed. */
export interface TelemetryCameras {
  all(): readonly { id: string }[];
  onChange(
    listener: (change: { kind: 'added' | 'changed' | 'removed'; camera: { id: string } }) => void,
  ): Unsubscribe;
}

/** A project as it is stored. */
type StoredProject = TelemetryProject & LitProject;

/** All projects; archived ones have no message. */
export interface TelemetryProjects {
  all(): readonly StoredProject[];
  get(id: string): StoredProject | undefined;
}

/** How projects stand, and news of it. */
export interface TelemetryProjectLights {
  lightOf(project: StoredProject): ProjectLight;
  onChange(listener: (projectId: string) => void): Unsubscribe;
}

/** Where the retained messages go. */
export interface RetainedSink {
  set(topic: string, payload: string): void;
  clear(topic: string): void;
}

/** Status messages are made at most once in this time. */
const FLUSH_MS = 1000;

interface StatePublisherOptions {
  clock: Clock;
  topics: Topics;
  session: number;
  version: string;
  health: HealthSource;
  cameras: TelemetryCameras;
  projects: TelemetryProjects;
  projectLights: TelemetryProjectLights;
  retained: RetainedSink;
}

/** Turns the board's news into the retained messages: camera health, project roll-up, gateway status. */
export class StatePublisher {
  readonly #options: StatePublisherOptions;
  readonly #projectTexts = new Map<string, string>();
  readonly #ends: (Unsubscribe | CancelTimer)[] = [];
  #totalsText = '';

  constructor(options: StatePublisherOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, health, cameras, projects, projectLights } = this.#options;
    this.publishStatus();
    for (const camera of health.all()) this.#cameraHealth(camera);
    for (const { id } of projects.all()) this.#project(id);
    this.#ends.push(
      health.onHealth((camera) => this.#cameraHealth(camera)),
      cameras.onChange(({ kind, camera }) => {
        if (kind === 'removed') this.#options.retained.clear(this.#options.topics.cameraHealth(camera.id));
      }),
      projectLights.onChange((projectId) => this.#project(projectId)),
      clock.every(FLUSH_MS, () => this.#flush()),
    );
  }

  stop(): void {
    for (const end of this.#ends.splice(0)) end();
  }

  /** The status message as of now. */
  status(state: GatewayStatus['state']): GatewayStatus {
    const { clock, session, version, health } = this.#options;
    return { schema: 1, at: toRfc3339(clock.now()), state, session, version, cameras: health.totals() };
  }

  /** Puts a fresh `online` status into the retained messages. */
  publishStatus(): void {
    const status = this.status('online');
    this.#totalsText = JSON.stringify(status.cameras);
    this.#options.retained.set(this.#options.topics.status, JSON.stringify(status));
  }

  #cameraHealth(health: CameraHealth): void {
    this.#options.retained.set(this.#options.topics.cameraHealth(health.cameraId), JSON.stringify(health));
  }

  #flush(): void {
    if (JSON.stringify(this.#options.health.totals()) !== this.#totalsText) this.publishStatus();
  }

  #project(projectId: string): void {
    const { clock, topics, session, projects, projectLights, retained } = this.#options;
    const topic = topics.projectHealth(projectId);
    const project = projects.get(projectId);
    if (!project || project.archivedAtMs !== null) {
      this.#projectTexts.delete(projectId);
      retained.clear(topic);
      return;
    }
    const at = toRfc3339(clock.now());
    const health = projectHealthOf(project, projectLights.lightOf(project), session, at);
    const text = JSON.stringify({ ...health, at: '' });
    if (this.#projectTexts.get(projectId) === text) return;
    this.#projectTexts.set(projectId, text);
    retained.set(topic, JSON.stringify(health));
  }
}
