import { z } from 'zod';
import { calendarDate, id, timestamp } from './common.ts';

/** The light of a camera or project. */
export const light = z.enum(['green', 'yellow', 'red', 'grey']);
export type Light = z.infer<typeof light>;

/** Why a light is not green; closed. */
export const reasonCode = z.enum([
  'unreachable',
  'auth-failed',
  'auth-paused',
  'rtsp-error',
  'no-frames',
  'low-fps',
  'packet-loss',
  'unsupported-codec',
  'clock-drift',
  'black',
  'overexposed',
  'blurred',
  'frozen',
  'covered',
  'moved',
  'snapshot-missed',
  'low-disk',
  'maintenance',
  'disabled',
  'starting',
]);
export type ReasonCode = z.infer<typeof reasonCode>;

export const reason = z.strictObject({
  code: reasonCode,
  since: timestamp,
  message: z.string().describe('Plain sentence: what happened and what to do'),
});
export type Reason = z.infer<typeof reason>;

/** How the pull of a camera stands: `idle` when nobody wants it. */
export const streamState = z.enum(['idle', 'connecting', 'running', 'waiting']);
export type StreamState = z.infer<typeof streamState>;

export const streamHealth = z.strictObject({
  state: streamState,
  codec: z.string().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  fps: z.number().nullable(),
  expectedFps: z.number().nullable(),
  bitrateKbps: z.number().nullable(),
  gopSec: z.number().nullable(),
  lastFrameAt: timestamp.nullable(),
  rtpLost: z.number().int(),
  lossPercent: z
    .number()
    .nullable()
    .describe('Lost packets over the last 15 s; null while it cannot be told'),
  jitterMs: z.number().nullable().describe('How unevenly the packets come (RFC 3550)'),
  reconnects: z.number().int(),
});
export type StreamHealth = z.infer<typeof streamHealth>;

/** How far a camera is well, from the network to its record; each of ok, failed, unknown. */
const layer = z.enum(['ok', 'failed', 'unknown']);
export const healthLayers = z.strictObject({
  network: layer,
  onvif: layer,
  auth: layer,
  rtsp: layer,
  frames: layer,
  decode: layer,
  picture: layer,
  records: layer,
});
export type HealthLayers = z.infer<typeof healthLayers>;

/** Payload of `cameras/{cameraId}/health` and of GET /api/v1/cameras/{id}/health. */
export const cameraHealth = z.strictObject({
  schema: z.literal(1),
  at: timestamp,
  session: z.number().int(),
  cameraId: id,
  projectId: id,
  externalProjectId: z.string().nullable(),
  name: z.string(),
  light,
  reasons: z.array(reason),
  since: timestamp,
  network: z.strictObject({ reachable: z.boolean().nullable(), rttMs: z.number().nullable() }),
  stream: streamHealth,
  picture: z
    .strictObject({
      takenAt: timestamp,
      luma: z.number(),
      sharpness: z.number(),
      verdict: z.string(),
    })
    .nullable(),
  clockDriftSec: z.number().nullable(),
  uptime24h: z.number().min(0).max(1).nullable(),
  uptime30d: z.number().min(0).max(1).nullable(),
  lastSnapshotAt: timestamp.nullable(),
  missedSnapshots24h: z.number().int(),
  layers: healthLayers,
  probes: z
    .strictObject({ count: z.number().int(), bytes: z.number().int() })
    .describe('Looks at this camera while it was idle, since the start, and what they cost its line'),
});
export type CameraHealth = z.infer<typeof cameraHealth>;

/** Payload of `cameras/{cameraId}/events`: one change of the light. */
export const lightChange = z.strictObject({
  schema: z.literal(1),
  at: timestamp,
  cameraId: id,
  from: light,
  to: light,
  reasons: z.array(reason),
});
export type LightChange = z.infer<typeof lightChange>;

/** Reply of GET /api/v1/cameras/{id}/health/history. */
export const healthHistory = z.strictObject({
  changes: z.array(lightChange),
  uptime: z.number().min(0).max(1).nullable(),
});

/** Query of GET /api/v1/health/overview. */
export const healthOverviewQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(30).default(30),
});

/** Reply of GET /api/v1/health/overview: the bars of all cameras that the caller may see. */
export const healthOverview = z.strictObject({
  at: timestamp,
  days: z.array(calendarDate).describe('Days at the site, the last one is today'),
  items: z.array(
    z.strictObject({
      cameraId: id,
      light,
      since: timestamp,
      uptime: z.number().min(0).max(1).nullable().describe('Over all these days'),
      halfHours: z
        .string()
        .regex(/^[gyr-]{48}$/)
        .describe('Worst light of each half hour up to now: g, y, r; - where nothing is known or counted'),
      bitrateKbps: z.number().nullable().describe('Of the stream that runs; null while none does'),
      days: z.array(z.number().min(0).max(1).nullable()).describe('Share of each day’s known time'),
    }),
  ),
});
export type HealthOverview = z.infer<typeof healthOverview>;

/** How many have which light. */
export const lightCounts = z.strictObject({
  total: z.number().int(),
  green: z.number().int(),
  yellow: z.number().int(),
  red: z.number().int(),
  grey: z.number().int(),
});

/** Payload of `projects/{projectId}/health`: the light is the worst of the cameras' and the steps'. */
export const projectHealth = z.strictObject({
  schema: z.literal(1),
  at: timestamp,
  session: z.number().int(),
  projectId: id,
  externalProjectId: z.string().nullable(),
  name: z.string(),
  light,
  reasons: z.array(z.string()).describe('Why it is not green, in plain words: red ones first'),
  cameras: lightCounts,
  steps: lightCounts,
});
export type ProjectHealth = z.infer<typeof projectHealth>;

/** Payload of `status`, retained, and of the last will. */
export const gatewayStatus = z.strictObject({
  schema: z.literal(1),
  at: timestamp,
  state: z.enum(['online', 'offline']),
  session: z.number().int(),
  version: z.string(),
  cameras: lightCounts,
});
export type GatewayStatus = z.infer<typeof gatewayStatus>;
