import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import parsePrometheus from 'parse-prometheus-text-format';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Emitter } from '../../../gateway/base/emitter.ts';
import { Prometheus } from '../../../gateway/telemetry/prometheus.ts';
import { WebMetrics } from '../../../gateway/web/web-metrics.ts';
import { GatewayParts, healthOf } from './gateway-parts.ts';

/** A family as the independent parser reads it. */
interface Family {
  name: string;
  help: string;
  type: string;
  metrics: { value?: string; labels?: Record<string, string> }[];
}

/** Labels whose values are from a closed set, and `camera`, which the fleet bounds. */
const LABELS = new Set(['camera', 'light', 'reason', 'rendition', 'kind', 'status', 'outcome', 'version']);

const fault = (error: unknown) => {
  throw error;
};
let parts: GatewayParts;
let taken: Emitter<void>;
let gaps: Emitter<{ reason: string }>;
let watching: { rendition: string; kind: string; count: number }[];
let prometheus: Prometheus;
let web: WebMetrics;

beforeEach(() => {
  parts = new GatewayParts();
  taken = new Emitter<void>(fault);
  gaps = new Emitter<{ reason: string }>(fault);
  watching = [{ rendition: 'main', kind: 'ws', count: 2 }];
  prometheus = new Prometheus({
    health: { ...parts.health, runningStreams: () => 4, probeBytes: () => 1234 },
    projects: parts.projects,
    projectLights: parts.projectLights,
    version: '0.1.0',
    live: { viewers: () => watching },
    snapshots: {
      onTaken: (listener) => taken.subscribe(listener),
      onGap: (listener) => gaps.subscribe(listener),
    },
    telemetry: {
      outboxSize: () => 7,
      connected: () => true,
      published: () => ({ acknowledged: 5, lost: 1, refused: 0 }),
    },
  });
  web = new WebMetrics({ others: prometheus, openSockets: () => 3 });
  prometheus.start();
  web.start();
});

afterEach(() => {
  web.stop();
  prometheus.stop();
});

async function families(): Promise<Family[]> {
  return parsePrometheus(await web.text()) as Family[];
}

describe('GET /metrics', () => {
  it('has the gateway’s figures, each camera’s and the process’s own', async () => {
    parts.tellHealth({ ...healthOf('a', 'green'), lastSnapshotAt: '2026-11-23T06:00:00.000Z' });
    const running = { state: 'running' as const, fps: 25, bitrateKbps: 4000, rtpLost: 3, reconnects: 2 };
    parts.tellHealth({ ...healthOf('b', 'red'), stream: { ...healthOf('b').stream, ...running } });
    parts.tellHealth(healthOf('c', 'grey'));
    taken.emit();
    taken.emit();
    gaps.emit({ reason: 'unreachable' });
    web.countReply(204);
    const lines = (await web.text()).split('\n');
    for (const line of [
      'gantry_build_info{version="0.1.0"} 1',
      'gantry_cameras{light="green"} 1',
      'gantry_cameras{light="yellow"} 0',
      'gantry_cameras_by_reason{reason="unreachable"} 2',
      'gantry_cameras_by_reason{reason="frozen"} 0',
      'gantry_projects{light="red"} 1',
      'gantry_camera_light{camera="b"} 3',
      'gantry_camera_up{camera="a"} 1',
      'gantry_camera_up{camera="b"} 0',
      'gantry_camera_frames_per_second{camera="b"} 25',
      'gantry_camera_bits_per_second{camera="b"} 4000000',
      'gantry_camera_rtp_lost_packets_total{camera="b"} 3',
      'gantry_camera_reconnects_total{camera="b"} 2',
      `gantry_camera_last_snapshot_timestamp_seconds{camera="a"} ${Date.parse('2026-11-23T06:00:00Z') / 1000}`,
      'gantry_camera_uptime_24h_ratio{camera="a"} 1',
      'gantry_streams_running 4',
      'gantry_probe_bytes_total 1234',
      'gantry_viewers{rendition="main",kind="ws"} 2',
      'gantry_outbox_messages 7',
      'gantry_mqtt_connected 1',
      'gantry_mqtt_publishes_total{outcome="acknowledged"} 5',
      'gantry_snapshots_total 2',
      'gantry_snapshot_gaps_total{reason="unreachable"} 1',
      'gantry_http_replies_total{status="2xx"} 1',
      'gantry_websockets 3',
    ])
      expect(lines).toContain(line);
    // What is not known has no sample; neither has a grey camera an up or down.
    expect(lines.filter((line) => /^gantry_camera_(up|clock_drift_seconds)\{camera="c"/.test(line))).toEqual(
      [],
    );
    expect(lines.some((line) => line.startsWith('process_resident_memory_bytes'))).toBe(true);
  });

  it('forgets cameras that are removed and viewers that left', async () => {
    parts.tellHealth(healthOf('a', 'red'));
    await web.text();
    parts.removeCamera('a');
    watching = [];
    const text = await web.text();
    expect(text).not.toContain('camera="a"');
    expect(text).not.toContain('gantry_viewers{');
    expect(text).toContain('gantry_cameras_by_reason{reason="unreachable"} 0');
  });

  it('keeps the rules of names, units and labels, as promtool checks them', async () => {
    parts.tellHealth(healthOf('a', 'red'));
    gaps.emit({ reason: 'unreachable' });
    const own = (await families()).filter(({ name }) => name.startsWith('gantry_'));
    expect(own.length).toBeGreaterThan(20);
    expect(new Set(own.map(({ name }) => name)).size).toBe(own.length);
    for (const { name, help, type, metrics } of own) {
      expect(name).toMatch(/^gantry_[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
      expect(help.trim(), name).not.toBe('');
      expect(['GAUGE', 'COUNTER'], name).toContain(type);
      expect(name.endsWith('_total'), `${name} is a ${type}`).toBe(type === 'COUNTER');
      // Base units only, none abbreviated, no type in the name.
      expect(name).not.toMatch(
        /_(ms|milliseconds|minutes|hours|kb|kbps|kilobytes|mb|megabytes|percent|gauge|counter)(_|$)/,
      );
      for (const { labels = {} } of metrics)
        for (const label of Object.keys(labels)) expect([...LABELS], name).toContain(label);
    }
  });

  it('has at most a dozen series for a camera, at a thousand of them', async () => {
    for (let index = 0; index < 1000; index += 1) parts.tellHealth(healthOf(`c${index}`, 'yellow'));
    const all = await families();
    const ofCameras = all.flatMap(({ metrics }) => metrics.filter(({ labels }) => labels?.['camera']));
    expect(ofCameras.length).toBeLessThanOrEqual(12_000);
    expect(new Set(ofCameras.map(({ labels }) => labels?.['camera'])).size).toBe(1000);
    const others = all.reduce((sum, { metrics }) => sum + metrics.length, 0) - ofCameras.length;
    expect(others).toBeLessThan(250);
  });
});

const config = join(import.meta.dirname, '../../../config');
const metricNames = (text: string) => text.match(/\b(?:gantry|process|nodejs)_[a-z0-9_]+/g) ?? [];

interface Panel {
  id: number;
  title: string;
  type: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { refId: string; expr: string }[];
}

describe('the files for Grafana and Prometheus', () => {
  it('the dashboard is a valid model whose panels do not overlap and that asks for metrics there are', async () => {
    const text = await readFile(join(config, 'grafana/gantry-dashboard.json'), 'utf8');
    const model = JSON.parse(text) as {
      uid: string;
      title: string;
      schemaVersion: number;
      templating: { list: { name: string; type: string }[] };
      panels: Panel[];
    };
    expect(model).toMatchObject({ uid: 'gantry', title: 'Gantry · 龙门' });
    expect(model.schemaVersion).toBeGreaterThanOrEqual(36);
    expect(model.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource' });
    parts.tellHealth(healthOf('a', 'red'));
    const known = new Set((await families()).map(({ name }) => name));
    const taken = new Set<string>();
    for (const { id, title, type, gridPos, targets = [] } of model.panels) {
      const { x, y, w, h } = gridPos;
      expect(title, `panel ${id}`).not.toBe('');
      expect(x + w, title).toBeLessThanOrEqual(24);
      if (type !== 'row') expect(targets.length, title).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      for (const { expr } of targets) {
        expect(metricNames(expr).length, expr).toBeGreaterThan(0);
        for (const name of metricNames(expr)) expect([...known], expr).toContain(name);
      }
      for (let column = x; column < x + w; column += 1)
        for (let row = y; row < y + h; row += 1) {
          expect(taken.has(`${column}/${row}`), `${title} lies on another panel`).toBe(false);
          taken.add(`${column}/${row}`);
        }
    }
    expect(new Set(model.panels.map(({ id }) => id)).size).toBe(model.panels.length);
  });

  it('the alerts ask for metrics there are, wait before they call, and say what to do', async () => {
    const text = await readFile(join(config, 'prometheus/gantry-alerts.yaml'), 'utf8');
    const { groups } = parse(text) as {
      groups: {
        name: string;
        rules: {
          alert: string;
          expr: string;
          for: string;
          labels: { severity: string };
          annotations: { summary: string; description: string };
        }[];
      }[];
    };
    parts.tellHealth(healthOf('a', 'red'));
    const known = new Set((await families()).map(({ name }) => name));
    const rules = groups.flatMap((group) => group.rules);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const rule of rules) {
      expect(rule.alert).toMatch(/^Gantry[A-Z]\w+$/);
      for (const name of metricNames(rule.expr)) expect([...known], rule.expr).toContain(name);
      expect(rule.for).toMatch(/^\d+[smh]$/);
      expect(['info', 'warning', 'critical']).toContain(rule.labels.severity);
      expect(rule.annotations.summary).not.toBe('');
      expect(rule.annotations.description.length).toBeGreaterThan(40);
    }
  });
});
