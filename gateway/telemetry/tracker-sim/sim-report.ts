import { toRfc3339 } from '../../base/clock.ts';
import type { Light } from '../../contract/health.ts';
import type { MqttVersion } from '../broker-address.ts';
import { shownUrl } from '../broker-fault.ts';
import type { Conformance, Violation } from './conformance.ts';

/** What a run found; the JSON of `gantry tracker-sim --json`. */
export interface SimReport {
  ok: boolean;
  url: string;
  root: string;
  protocol: '5' | '3.1.1' | null;
  connected: boolean;
  seconds: number;
  gateway: { state: string; session: number; version: string } | null;
  /** Messages by kind. */
  messages: Record<string, number>;
  /** Repetitions that QoS 1 allows. */
  duplicates: number;
  lag: { p50Ms: number; p99Ms: number; maxMs: number } | null;
  projects: { published: number; arrived: number; rollUps: number; lights: Record<Light, number> };
  cameras: {
    cameraId: string;
    name: string | null;
    light: Light | null;
    reasons: string[];
    lastSnapshotAt: string | null;
    snapshots: number;
    events: number;
    lagMs: number | null;
    violations: number;
  }[];
  violationCount: number;
  violations: { at: string; kind: string; topic: string; message: string }[];
}

/** The state of a run as plain data. */
export function simReport(
  seen: Conformance,
  run: {
    url: string;
    root: string;
    protocol: MqttVersion | null;
    connected: boolean;
    seconds: number;
    at: string;
  },
): SimReport {
  const { status } = seen;
  return {
    ok: seen.violationCount === 0,
    url: shownUrl(run.url),
    root: run.root,
    protocol: run.protocol === null ? null : protocolNames[run.protocol],
    connected: run.connected,
    seconds: Math.round(run.seconds * 10) / 10,
    gateway: status && { state: status.state, session: status.session, version: status.version },
    messages: Object.fromEntries([...seen.counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    duplicates: seen.duplicates,
    lag: lagOf(seen.lagsMs),
    projects: { ...seen.projects.counts, lights: seen.projects.lights() },
    cameras: [...seen.cameras.values()].map(({ health, ...camera }) => ({
      ...camera,
      name: health?.name ?? null,
      light: health?.light ?? null,
      reasons: health?.reasons.map(({ code }) => code) ?? [],
    })),
    violationCount: seen.violationCount,
    violations: seen.violations.map(toPlain),
  };
}

const protocolNames = { 4: '3.1.1', 5: '5' } as const;

function toPlain({ atMs, kind, topic, message }: Violation): SimReport['violations'][number] {
  return { at: toRfc3339(atMs), kind, topic, message };
}

function lagOf(lagsMs: readonly number[]): SimReport['lag'] {
  if (lagsMs.length === 0) return null;
  const sorted = lagsMs.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}
