import type { CancelTimer, Clock } from '../base/clock.ts';
import { toRfc3339 } from '../base/clock.ts';
import type { Unsubscribe } from '../base/emitter.ts';
import type { CameraHealth, GatewayStatus } from '../contract/health.ts';
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

/** All projects; archived ones have no message. */
export interface TelemetryProjects {
  all(): readonly (TelemetryProject & { archivedAtMs: number | null })[];
  onChange(listener: () => void): Unsubscribe;
}

/** Where the retained messages go. */
export interface RetainedSink {
  set(topic: string, payload: string): void;
  clear(topic: string): void;
}

/** Project and status messages are made at most once in this time. */
const FLUSH_MS = 1000;

interface StatePublisherOptions {
  clock: Clock;
  topics: Topics;
  session: number;
  version: string;
  health: HealthSource;
  cameras: TelemetryCameras;
  projects: TelemetryProjects;
  retained: RetainedSink;
}

/** Turns the board's news into the retained messages: camera health, project roll-up, gateway status. */
export class StatePublisher {
  readonly #options: StatePublisherOptions;
  readonly #cameras = new Map<string, CameraHealth>();
  readonly #projectTexts = new Map<string, string>();
  readonly #ends: (Unsubscribe | CancelTimer)[] = [];
  #projectsDirty = true;
  #totalsText = '';

  constructor(options: StatePublisherOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, health, cameras, projects } = this.#options;
    this.publishStatus();
    for (const camera of health.all()) this.#cameraHealth(camera);
    this.#flush();
    this.#ends.push(
      health.onHealth((camera) => this.#cameraHealth(camera)),
      cameras.onChange(({ kind, camera }) => {
        if (kind === 'removed') this.#cameraRemoved(camera.id);
      }),
      projects.onChange(() => {
        this.#projectsDirty = true;
      }),
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
    const before = this.#cameras.get(health.cameraId);
    this.#cameras.set(health.cameraId, health);
    this.#options.retained.set(this.#options.topics.cameraHealth(health.cameraId), JSON.stringify(health));
    if (!before || rollUpText(before) !== rollUpText(health)) this.#projectsDirty = true;
  }

  #cameraRemoved(cameraId: string): void {
    this.#cameras.delete(cameraId);
    this.#options.retained.clear(this.#options.topics.cameraHealth(cameraId));
    this.#projectsDirty = true;
  }

  #flush(): void {
    if (JSON.stringify(this.#options.health.totals()) !== this.#totalsText) this.publishStatus();
    if (!this.#projectsDirty) return;
    this.#projectsDirty = false;
    this.#flushProjects();
  }

  #flushProjects(): void {
    const { clock, topics, session, projects, retained } = this.#options;
    const byProject = Map.groupBy(this.#cameras.values(), ({ projectId }) => projectId);
    const gone = new Set(this.#projectTexts.keys());
    for (const project of projects.all()) {
      if (project.archivedAtMs !== null) continue;
      gone.delete(project.id);
      const at = toRfc3339(clock.now());
      const health = projectHealthOf(project, byProject.get(project.id) ?? [], session, at);
      const text = JSON.stringify({ ...health, at: '' });
      if (this.#projectTexts.get(project.id) === text) continue;
      this.#projectTexts.set(project.id, text);
      retained.set(topics.projectHealth(project.id), JSON.stringify(health));
    }
    for (const projectId of gone) {
      this.#projectTexts.delete(projectId);
      retained.clear(topics.projectHealth(projectId));
    }
  }
}

/** What of a camera's health its project's message depends on. */
function rollUpText({ projectId, name, light, reasons }: CameraHealth): string {
  return JSON.stringify([projectId, name, light, reasons.map(({ message }) => message)]);
}
