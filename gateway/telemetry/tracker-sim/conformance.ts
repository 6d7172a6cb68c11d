import { createHash } from 'node:crypto';
import type { CameraHealth, GatewayStatus, LightChange, ProjectHealth } from '../../contract/health.ts';
import type { InboundMessage } from '../mqtt-link.ts';
import type { SnapshotMessage, TrackerError } from '../payloads.ts';
import { LaneWatch } from './lane-watch.ts';
import type { LaneMessage } from './lane-watch.ts';
import type { PayloadSchemas } from './payload-schemas.ts';
import { ProjectWatch, rollUpProblem } from './project-watch.ts';
import type { SiteRules } from './project-watch.ts';

/** `refused`: the gateway answered on tracker/errors. */
export type ViolationKind = 'invalid' | 'order' | 'duplicate' | 'missing' | 'wrong' | 'refused';

/** One breach of the contract. */
export interface Violation {
  atMs: number;
  kind: ViolationKind;
  topic: string;
  message: string;
}

/** A camera as its messages tell of it. */
export interface WatchedCamera {
  cameraId: string;
  health: CameraHealth | null;
  lastSnapshotAt: string | null;
  snapshots: number;
  events: number;
  /** From the making of the newest live message to its arrival, ms; null before one came. */
  lagMs: number | null;
  violations: number;
}

const MAX_VIOLATIONS = 1000;
const MAX_LAGS = 20_000;
const REMEMBERED_STATES = 50;

/** Judges every message below the gateway's root against the contract and keeps what a table shows. No network in here. */
export class Conformance {
  readonly projects: ProjectWatch;
  readonly cameras = new Map<string, WatchedCamera>();
  /** The first of them; all are counted. */
  readonly violations: Violation[] = [];
  readonly counts = new Map<string, number>();
  readonly lagsMs: number[] = [];
  violationCount = 0;
  duplicates = 0;
  status: GatewayStatus | null = null;
  readonly #schemas: PayloadSchemas;
  readonly #root: string;
  readonly #now: () => number;
  readonly #lanes = new Map<string, LaneWatch>();
  /** The highest session of each state's topic, and its messages that came last. */
  readonly #states = new Map<string, { session: number; digests: string[] }>();

  constructor(options: { schemas: PayloadSchemas; root: string; rules: SiteRules; now: () => number }) {
    this.#schemas = options.schemas;
    this.#root = `${options.root}/`;
    this.#now = options.now;
    this.projects = new ProjectWatch(options.rules);
  }

  take(message: InboundMessage): void {
    const { topic, payload } = message;
    const below = topic.startsWith(this.#root) ? topic.slice(this.#root.length) : '';
    const kind = this.#schemas.kindOf(below);
    this.counts.set(kind ?? 'unknown', (this.counts.get(kind ?? 'unknown') ?? 0) + 1);
    if (kind === undefined) return this.violate('invalid', topic, 'no message belongs on this topic');
    if (payload.length === 0) return this.#cleared(kind, below, message);
    const value = parsed(payload);
    const problem = value === undefined ? 'it is not JSON in UTF-8' : this.#schemas.problemOf(kind, value);
    if (problem !== null) return this.violate('invalid', topic, problem);
    this.#judge(kind, value, message);
  }

  violate(kind: ViolationKind, topic: string, message: string): void {
    this.violationCount += 1;
    if (this.violations.length < MAX_VIOLATIONS)
      this.violations.push({ atMs: this.#now(), kind, topic, message });
    const cameraId = /^cameras\/([^/]+)\//.exec(topic.slice(this.#root.length))?.[1];
    if (cameraId !== undefined && topic.startsWith(this.#root)) this.#camera(cameraId).violations += 1;
  }

  /** What there is to wait for: something that has not come, or is not right (yet); null when nothing. */
  lacks(): 'missing' | 'wrong' | null {
    const told = [...this.cameras.values()].filter(({ health }) => health !== null).length;
    if (!this.status || told < this.status.cameras.total) return 'missing';
    const faults = this.projects.faults(this.#now());
    if (faults.some(({ kind }) => kind === 'missing')) return 'missing';
    return faults.length > 0 ? 'wrong' : null;
  }

  /** Judges what should have come by now and has not: to be called at the end. */
  finish(): void {
    const { status } = this;
    if (!status) this.violate('missing', `${this.#root}status`, 'the gateway’s status has not come');
    const told = [...this.cameras.values()].filter(({ health }) => health !== null).length;
    if (status && told < status.cameras.total)
      this.violate(
        'missing',
        `${this.#root}cameras/+/health`,
        `the health of ${status.cameras.total - told} of ${status.cameras.total} cameras has not come`,
      );
    for (const { externalId, kind, message } of this.projects.faults(this.#now()))
      this.violate(kind, `${this.#root}projects/+/health`, `project ${externalId}: ${message}`);
  }

  #judge(kind: string, value: unknown, message: InboundMessage): void {
    const { topic } = message;
    const [, second = ''] = topic.slice(this.#root.length).split('/');
    switch (kind) {
      case 'status':
        return this.#status(value as GatewayStatus, message);
      case 'camera-health':
        return this.#health(second, value as CameraHealth, message);
      case 'camera-snapshot':
        return this.#snapshot(second, value as SnapshotMessage, message);
      case 'light-change':
        return this.#event(second, value as LightChange, message);
      case 'project-health':
        return this.#project(second, value as ProjectHealth, message);
      case 'tracker-error': {
        const { topic: about, code, message: text } = value as TrackerError;
        if (!message.retained) this.violate('refused', about, `${code}: ${text}`);
        return;
      }
      default:
    }
  }

  #status(status: GatewayStatus, message: InboundMessage): void {
    const { topic } = message;
    this.#session(message, status.session);
    const { total, green, yellow, red, grey } = status.cameras;
    if (total !== green + yellow + red + grey)
      this.violate('wrong', topic, 'its counts of cameras do not add up');
    this.status = status;
  }

  #health(cameraId: string, health: CameraHealth, message: InboundMessage): void {
    const { topic, retained } = message;
    if (health.cameraId !== cameraId) this.violate('wrong', topic, `it is of camera ${health.cameraId}`);
    this.#session(message, health.session);
    const camera = this.#camera(cameraId);
    camera.health = health;
    camera.lastSnapshotAt = later(camera.lastSnapshotAt, health.lastSnapshotAt);
    if (!retained) this.#lag(camera, health.at);
  }

  #snapshot(cameraId: string, snapshot: SnapshotMessage, message: InboundMessage): void {
    const { id, takenAt, chainHash, prevHash } = snapshot;
    if (snapshot.cameraId !== cameraId) this.violate('wrong', message.topic, `it is of ${snapshot.cameraId}`);
    const link = { own: chainHash, before: prevHash };
    if (!this.#inLane(message, { id, payload: message.payload, link, time: takenAt })) return;
    const camera = this.#camera(cameraId);
    camera.snapshots += 1;
    camera.lastSnapshotAt = later(camera.lastSnapshotAt, takenAt);
    this.#lag(camera, snapshot.at);
  }

  #event(cameraId: string, change: LightChange, message: InboundMessage): void {
    const { at, from, to } = change;
    if (change.cameraId !== cameraId) this.violate('wrong', message.topic, `it is of ${change.cameraId}`);
    // An event has no id of its own: what it says is what it is.
    const id = `${at} ${from} → ${to}`;
    if (!this.#inLane(message, { id, payload: message.payload, link: { own: to, before: from }, time: at }))
      return;
    const camera = this.#camera(cameraId);
    camera.events += 1;
    this.#lag(camera, at);
  }

  #project(projectId: string, health: ProjectHealth, message: InboundMessage): void {
    const { topic } = message;
    if (health.projectId !== projectId) this.violate('wrong', topic, `it is of project ${health.projectId}`);
    this.#session(message, health.session);
    const problem = rollUpProblem(health);
    if (problem !== null) this.violate('wrong', topic, problem);
    this.projects.rollUp(health);
  }

  /** True when the message is new to its lane. */
  #inLane({ topic, retained }: InboundMessage, laneMessage: LaneMessage): boolean {
    if (retained) this.violate('invalid', topic, 'it is retained; only states are');
    const lane = this.#lanes.get(topic) ?? new LaneWatch();
    this.#lanes.set(topic, lane);
    const verdict = lane.take(laneMessage);
    if (verdict.kind === 'again') this.duplicates += 1;
    else if (verdict.kind !== 'new') this.violate(verdict.kind, topic, verdict.message);
    return verdict.kind !== 'again';
  }

  /**
   * A session does not go back. What the broker had kept may be old (it fell back to its last save when it was killed), and so
   * may a repetition.
   */
  #session({ topic, payload, retained }: InboundMessage, session: number): void {
    const state = this.#states.get(topic) ?? { session, digests: [] };
    this.#states.set(topic, state);
    const digest = createHash('sha256').update(payload).digest('base64');
    const again = state.digests.includes(digest);
    if (session < state.session && !again && !retained) {
      const message = `session ${session} came after session ${state.session}: a message of an earlier run`;
      this.violate('order', topic, message);
    }
    state.session = Math.max(state.session, session);
    if (!again) state.digests = [...state.digests, digest].slice(-REMEMBERED_STATES);
  }

  #cleared(kind: string, below: string, { topic }: InboundMessage): void {
    const [, second = ''] = below.split('/');
    if (kind === 'camera-health') this.cameras.delete(second);
    else if (kind === 'project-health') this.projects.gone(second);
    else if (kind !== 'tracker-project') this.violate('invalid', topic, 'it is empty');
  }

  #camera(cameraId: string): WatchedCamera {
    const known = this.cameras.get(cameraId);
    if (known) return known;
    const camera: WatchedCamera = {
      cameraId,
      health: null,
      lastSnapshotAt: null,
      snapshots: 0,
      events: 0,
      lagMs: null,
      violations: 0,
    };
    this.cameras.set(cameraId, camera);
    return camera;
  }

  #lag(camera: WatchedCamera, at: string): void {
    camera.lagMs = this.#now() - Date.parse(at);
    if (this.lagsMs.length < MAX_LAGS) this.lagsMs.push(camera.lagMs);
  }
}

function parsed(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
}

function later(a: string | null, b: string | null): string | null {
  return (a ?? '') > (b ?? '') ? a : b;
}
