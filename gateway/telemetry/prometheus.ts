import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Unsubscribe } from '../base/emitter.ts';
import type { CameraHealth, Light } from '../contract/health.ts';
import type { LitProject } from '../summaries/project-light.ts';
import { addCameraMetrics } from './camera-metrics.ts';
import type { PublishEnd } from './mqtt-publisher.ts';

/** Where the figures come from. */
export interface MetricSources {
  health: {
    all(): CameraHealth[];
    totals(): Record<Light, number>;
    runningStreams(): number;
    probeBytes(): number;
  };
  projects: { all(): readonly (LitProject & { id: string })[] };
  projectLights: { lightOf(project: LitProject & { id: string }): { light: Light } };
  version: string;
  live: { viewers(): readonly { rendition: string; kind: string; count: number }[] };
  snapshots: {
    onTaken(listener: () => void): Unsubscribe;
    onGap(listener: (gap: { reason: string }) => void): Unsubscribe;
  };
  /** Null when telemetry is off. */
  telemetry: {
    outboxSize(): number;
    connected(): boolean;
    /** How publishes ended, since the start. */
    published(): Readonly<Record<PublishEnd, number>>;
  } | null;
}

const LIGHTS: readonly Light[] = ['green', 'yellow', 'red', 'grey'];

/** The figures of GET /metrics in Prometheus' text format. One for the gateway; label values are from closed sets. */
export class Prometheus {
  readonly #registry = new Registry();
  readonly #sources: MetricSources;
  #ends: Unsubscribe[] = [];
  /** Read once for each scrape. */
  #healths: readonly CameraHealth[] = [];

  constructor(sources: MetricSources) {
    this.#sources = sources;
  }

  start(): void {
    collectDefaultMetrics({ register: this.#registry });
    this.#addBuild();
    this.#addHealth();
    addCameraMetrics(this.#registry, () => this.#healths);
    this.#addProjects();
    this.#addViewers();
    this.#addTelemetry();
    this.#addSnapshots();
  }

  stop(): void {
    for (const end of this.#ends) end();
    this.#ends = [];
    this.#registry.clear();
  }

  /** Media type of the text. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  async render(): Promise<string> {
    this.#healths = this.#sources.health.all();
    const text = await this.#registry.metrics();
    this.#healths = [];
    return text;
  }

  #gauge(name: string, help: string, labelNames: string[], collect: (gauge: Gauge) => void): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect: () => collect(gauge),
    });
  }

  #addBuild(): void {
    const { version } = this.#sources;
    this.#gauge('gantry_build_info', '1, with the version that runs', ['version'], (gauge) =>
      gauge.set({ version }, 1),
    );
  }

  #addProjects(): void {
    const { projects, projectLights } = this.#sources;
    this.#gauge('gantry_projects', 'Projects that are not archived, by light', ['light'], (gauge) => {
      for (const light of LIGHTS) gauge.set({ light }, 0);
      for (const project of projects.all())
        if (project.archivedAtMs === null) gauge.inc({ light: projectLights.lightOf(project).light });
    });
  }

  #addHealth(): void {
    const { health } = this.#sources;
    this.#gauge('gantry_cameras', 'Cameras by light', ['light'], (gauge) => {
      const totals = health.totals();
      for (const light of LIGHTS) gauge.set({ light }, totals[light]);
    });
    this.#gauge('gantry_streams_running', 'Camera streams that are pulled now', [], (gauge) =>
      gauge.set(health.runningStreams()),
    );
    const probed: Counter = new Counter({
      name: 'gantry_probe_bytes_total',
      help: 'Bytes pulled by health probes since the start',
      registers: [this.#registry],
      collect: () => {
        probed.reset();
        probed.inc(health.probeBytes());
      },
    });
  }

  #addViewers(): void {
    this.#gauge('gantry_viewers', 'People watching now', ['rendition', 'kind'], (gauge) => {
      gauge.reset();
      for (const { rendition, kind, count } of this.#sources.live.viewers())
        gauge.inc({ rendition, kind }, count);
    });
  }

  #addTelemetry(): void {
    const { telemetry } = this.#sources;
    if (!telemetry) return;
    this.#gauge('gantry_outbox_messages', 'MQTT messages that the broker has not acknowledged', [], (gauge) =>
      gauge.set(telemetry.outboxSize()),
    );
    this.#gauge('gantry_mqtt_connected', '1 while the MQTT broker is connected', [], (gauge) =>
      gauge.set(telemetry.connected() ? 1 : 0),
    );
    const published: Counter = new Counter({
      name: 'gantry_mqtt_publishes_total',
      help: 'MQTT messages sent, by how it ended: acknowledged, refused by the broker, or lost with the connection (and sent again)',
      labelNames: ['outcome'],
      registers: [this.#registry],
      collect: () => {
        published.reset();
        for (const [outcome, count] of Object.entries(telemetry.published()))
          published.inc({ outcome }, count);
      },
    });
  }

  #addSnapshots(): void {
    const registers = [this.#registry];
    const taken = new Counter({
      name: 'gantry_snapshots_total',
      help: 'Pictures taken since the start',
      registers,
    });
    const gaps = new Counter({
      name: 'gantry_snapshot_gaps_total',
      help: 'Scheduled pictures that could not be taken since the start',
      labelNames: ['reason'],
      registers,
    });
    const { snapshots } = this.#sources;
    this.#ends = [
      snapshots.onTaken(() => taken.inc()),
      snapshots.onGap(({ reason }) => gaps.inc({ reason })),
    ];
  }
}
