import { toRfc3339 } from '../base/clock.ts';
import type { ProfileName } from '../contract/camera.ts';
import type { CameraHealth, HealthLayers, Reason, StreamHealth } from '../contract/health.ts';
import type { FeedStatus } from '../ingest/feeds.ts';
import type { CameraState, StateReason } from './camera-state.ts';
import type { HealthCamera } from './health-camera.ts';
import { healthLayers } from './health-layers.ts';
import type { RecordFacts } from './record-facts.ts';

/** All that one camera's health message is made of. */
export interface HealthParts {
  camera: HealthCamera;
  state: CameraState;
  feeds: readonly FeedStatus[];
  record: RecordFacts;
  uptime24h: number | null;
  uptime30d: number | null;
  clockDriftSec: number | null;
  onvif: HealthLayers['onvif'];
  /** Share of lost packets of each running stream, as far as it can be told. */
  loss: ReadonlyMap<ProfileName, number | null>;
  probes: { count: number; bytes: number };
  session: number;
  nowMs: number;
}

/** The object of the MQTT health topic and of GET /api/v1/cameras/{id}/health; pure. */
export function composeHealth(parts: HealthParts): CameraHealth {
  const { camera, state, record } = parts;
  const shown = shownFeed(parts.feeds);
  return {
    schema: 1,
    at: toRfc3339(parts.nowMs),
    session: parts.session,
    cameraId: camera.id,
    projectId: camera.projectId,
    externalProjectId: camera.externalProjectId,
    name: camera.name,
    light: state.verdict.light,
    reasons: state.verdict.reasons.map(toReason),
    since: toRfc3339(state.verdict.sinceMs),
    network: { reachable: reachable(state), rttMs: rounded(shown?.measures.rttMs ?? null, 1) },
    stream: streamHealth(shown, shown ? (parts.loss.get(shown.profile) ?? null) : null),
    picture: record.picture,
    clockDriftSec: parts.clockDriftSec,
    uptime24h: rounded(parts.uptime24h, 3),
    uptime30d: rounded(parts.uptime30d, 3),
    lastSnapshotAt: record.lastSnapshotAt,
    missedSnapshots24h: record.missedSnapshots24h,
    layers: healthLayers(state, record, parts.onvif),
    probes: parts.probes,
  };
}

/** A reason as the contract writes it. */
export function toReason(reason: StateReason): Reason {
  return { code: reason.code, since: toRfc3339(reason.sinceMs), message: reason.message };
}

/** Of the main stream where it runs, else of the sub stream; null while none runs. */
export function runningBitrate(feeds: readonly FeedStatus[]): number | null {
  const running = feeds.find(({ state }) => state === 'running');
  return rounded(running?.measures.bitrateKbps ?? null, 0);
}

/** The main stream while it is wanted, else the sub stream, else the one that last had frames. */
function shownFeed(feeds: readonly FeedStatus[]): FeedStatus | undefined {
  const active =
    feeds.find((feed) => feed.state === 'running') ?? feeds.find((feed) => feed.state !== 'idle');
  if (active) return active;
  return feeds.toSorted((a, b) => (b.measures.lastFrameAtMs ?? 0) - (a.measures.lastFrameAtMs ?? 0))[0];
}

/** Null until the camera was tried. A camera that refuses or misbehaves has been reached. */
function reachable(state: CameraState): boolean | null {
  const { main, sub } = state.profiles;
  if (main.working || sub.working) return true;
  const fault = main.fault ?? sub.fault;
  return fault ? fault.code !== 'unreachable' : null;
}

function streamHealth(feed: FeedStatus | undefined, loss: number | null): StreamHealth {
  const video = feed?.tracks?.video;
  const pictures = {
    codec: video?.codec ?? null,
    width: video?.width ?? null,
    height: video?.height ?? null,
  };
  if (!feed) return { state: 'idle', ...pictures, ...noMeasures };
  const { measures } = feed;
  return {
    state: feed.state,
    ...pictures,
    fps: rounded(measures.fps, 1),
    expectedFps: rounded(measures.expectedFps, 1),
    bitrateKbps: rounded(measures.bitrateKbps, 0),
    gopSec: rounded(measures.gopSec, 1),
    lastFrameAt: measures.lastFrameAtMs === null ? null : toRfc3339(measures.lastFrameAtMs),
    rtpLost: measures.rtpLost,
    lossPercent: rounded(loss === null ? null : loss * 100, 2),
    jitterMs: rounded(measures.jitterMs, 1),
    reconnects: measures.reconnects,
  };
}

const noMeasures = {
  fps: null,
  expectedFps: null,
  bitrateKbps: null,
  gopSec: null,
  lastFrameAt: null,
  rtpLost: 0,
  lossPercent: null,
  jitterMs: null,
  reconnects: 0,
};

function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}
