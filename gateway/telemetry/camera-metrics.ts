import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { reasonCode } from '../contract/health.ts';
import type { CameraHealth, Light } from '../contract/health.ts';

/** A light as a number, for thresholds and tables. */
const LIGHT_NUMBERS: Readonly<Record<Light, number>> = { grey: 0, green: 1, yellow: 2, red: 3 };

/** One figure of each camera; null: not known, and then there is no sample. */
interface CameraFigure {
  name: string;
  help: string;
  type: 'gauge' | 'counter';
  of: (health: CameraHealth) => number | null;
}

/** In base units of Prometheus: seconds, bits, ratios from 0 to 1. */
const figures: readonly CameraFigure[] = [
  {
    name: 'gantry_camera_light',
    help: 'Light of the camera: 0 grey, 1 green, 2 yellow, 3 red',
    type: 'gauge',
    of: ({ light }) => LIGHT_NUMBERS[light],
  },
  {
    name: 'gantry_camera_up',
    help: '1 while the camera is green or yellow, 0 while it is red; absent while it is grey',
    type: 'gauge',
    of: ({ light }) => (light === 'grey' ? null : Number(light !== 'red')),
  },
  {
    name: 'gantry_camera_frames_per_second',
    help: 'Frame rate of the stream that runs',
    type: 'gauge',
    of: ({ stream }) => (stream.state === 'running' ? stream.fps : null),
  },
  {
    name: 'gantry_camera_bits_per_second',
    help: 'Bit rate of the stream that runs',
    type: 'gauge',
    of: ({ stream }) =>
      stream.state === 'running' && stream.bitrateKbps !== null ? stream.bitrateKbps * 1000 : null,
  },
  {
    name: 'gantry_camera_rtp_lost_packets_total',
    help: 'RTP packets lost on the way from the camera',
    type: 'counter',
    of: ({ stream }) => stream.rtpLost,
  },
  {
    name: 'gantry_camera_reconnects_total',
    help: 'Times the connection to the camera was made again',
    type: 'counter',
    of: ({ stream }) => stream.reconnects,
  },
  {
    name: 'gantry_camera_last_frame_timestamp_seconds',
    help: 'When the newest frame came',
    type: 'gauge',
    of: ({ stream }) => seconds(stream.lastFrameAt),
  },
  {
    name: 'gantry_camera_last_snapshot_timestamp_seconds',
    help: 'When the newest picture was taken',
    type: 'gauge',
    of: ({ lastSnapshotAt }) => seconds(lastSnapshotAt),
  },
  {
    name: 'gantry_camera_missed_snapshots_24h',
    help: 'Scheduled pictures missed in the last 24 hours',
    type: 'gauge',
    of: ({ missedSnapshots24h }) => missedSnapshots24h,
  },
  {
    name: 'gantry_camera_uptime_24h_ratio',
    help: 'Share of the last 24 hours in which the camera was up',
    type: 'gauge',
    of: ({ uptime24h }) => uptime24h,
  },
  {
    name: 'gantry_camera_clock_drift_seconds',
    help: 'How far the camera’s clock is ahead',
    type: 'gauge',
    of: ({ clockDriftSec }) => clockDriftSec,
  },
];

/**
 * Adds the figures of each camera, labelled by its id alone: names and projects change and would begin new series. `healths` is
 * asked at each scrape.
 */
export function addCameraMetrics(registry: Registry, healths: () => readonly CameraHealth[]): void {
  for (const figure of figures) {
    const collect = (): void => fill(metric, figure, healths());
    const options = { name: figure.name, help: figure.help, labelNames: ['camera'], collect };
    const registers = [registry];
    const metric: Gauge | Counter =
      figure.type === 'gauge' ? new Gauge({ ...options, registers }) : new Counter({ ...options, registers });
  }
  addReasons(registry, healths);
}

function fill(metric: Gauge | Counter, figure: CameraFigure, healths: readonly CameraHealth[]): void {
  metric.reset();
  for (const health of healths) {
    const value = figure.of(health);
    if (value !== null) metric.inc({ camera: health.cameraId }, value);
  }
}

function addReasons(registry: Registry, healths: () => readonly CameraHealth[]): void {
  const reasons: Gauge = new Gauge({
    name: 'gantry_cameras_by_reason',
    help: 'Cameras that have a reason not to be green; one with two reasons counts in both',
    labelNames: ['reason'],
    registers: [registry],
    collect: () => {
      for (const reason of reasonCode.options) reasons.set({ reason }, 0);
      for (const { reasons: own } of healths()) for (const { code: reason } of own) reasons.inc({ reason });
    },
  });
}

function seconds(time: string | null): number | null {
  return time === null ? null : Date.parse(time) / 1000;
}
