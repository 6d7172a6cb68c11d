import { z } from 'zod';
import { id, timestamp, timestampInput } from './common.ts';
import { light, reason } from './health.ts';
import { snapshotSchedule } from './schedule.ts';

/** The two renditions of a camera: full size, and the small one for walls and phones. */
export const profileName = z.enum(['main', 'sub']);
export type ProfileName = z.infer<typeof profileName>;

/** What one stream of a camera is, as told by the camera at registration and corrected by what arrives. */
export const streamInfo = z.strictObject({
  codec: z.string().nullable(),
  profile: z.string().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  fps: z.number().nullable(),
  bitrateKbps: z.number().nullable(),
  gopSec: z.number().nullable(),
  audio: z.string().nullable(),
});
export type StreamInfo = z.infer<typeof streamInfo>;

/** When the camera's main stream is pulled: while someone wants it, or always. */
export const ingestMode = z.enum(['onDemand', 'always']);
export type IngestMode = z.infer<typeof ingestMode>;

/** A camera as the API shows it; passwords never come back. */
export const camera = z.strictObject({
  id,
  name: z.string(),
  projectId: id,
  position: z.string(),
  enabled: z.boolean(),
  maintenanceUntil: timestamp.nullable(),
  ingestMode: ingestMode.nullable().describe('null: the gateway’s ingest.mode'),
  schedule: snapshotSchedule.nullable().describe('null: the gateway’s snapshots.schedule'),
  onvif: z
    .strictObject({
      xaddr: z.string(),
      username: z.string(),
      hasPassword: z.boolean(),
      mainProfile: z.string().nullable(),
      subProfile: z.string().nullable(),
      endpointId: z.string().nullable(),
      certificate: z
        .strictObject({
          sha256: z.string().describe('Accepted at registration, SHA-256 in hexadecimal digits'),
          changedTo: z.string().nullable().describe('Another one that the camera shows now'),
        })
        .nullable()
        .describe('null: it is spoken to without TLS'),
      pending: z
        .boolean()
        .describe('Imported and not read yet: its streams become known at the first contact'),
      moved: z
        .strictObject({ from: z.string(), at: timestamp })
        .nullable()
        .describe('The service address it had before the gateway followed it to another'),
    })
    .nullable(),
  rtsp: z.strictObject({
    main: z.string().describe('Without user name or password; empty while onvif.pending'),
    sub: z.string().nullable(),
    username: z.string(),
    hasPassword: z.boolean(),
  }),
  vendor: z.string().nullable(),
  model: z.string().nullable(),
  firmware: z.string().nullable(),
  serial: z.string().nullable(),
  mac: z.string().nullable(),
  main: streamInfo.nullable(),
  sub: streamInfo.nullable(),
  light,
  reasons: z.array(reason),
  createdAt: timestamp,
});
export type Camera = z.infer<typeof camera>;

const name = z.string().trim().min(1).max(120);
const position = z.string().trim().max(200);
const username = z.string().max(120);
const password = z.string().max(200);
const profileToken = z.string().min(1).max(120);
const xaddr = z.url({ protocol: /^https?$/ }).max(500);
const rtspUrl = z.url({ protocol: /^rtsps?$/ }).max(1000);

const credentialSetId = id.describe(
  'Take user name and password from this credential set; the camera keeps a copy',
);

export const onvifInput = z.strictObject({
  xaddr,
  username: username.default(''),
  password: password.default(''),
  credentialSetId: credentialSetId.optional(),
  mainProfile: profileToken.optional(),
  subProfile: profileToken.optional(),
});
export type OnvifInput = z.infer<typeof onvifInput>;

export const rtspInput = z.strictObject({
  main: rtspUrl,
  sub: rtspUrl.nullable().optional(),
  username: username.optional(),
  password: password.optional(),
  credentialSetId: credentialSetId.optional(),
});
export type RtspInput = z.infer<typeof rtspInput>;

const settings = {
  schedule: snapshotSchedule.nullable().optional(),
  enabled: z.boolean().optional(),
  maintenanceUntil: timestampInput.nullable().optional(),
  ingestMode: ingestMode.nullable().optional(),
};

/** Body of POST /api/v1/cameras: from ONVIF or by hand, exactly one of the two. */
export const cameraCreate = z
  .strictObject({
    name,
    projectId: id,
    position: position.default(''),
    onvif: onvifInput.optional(),
    rtsp: rtspInput.optional(),
    ...settings,
  })
  .refine((body) => (body.onvif === undefined) !== (body.rtsp === undefined), {
    message: 'give either onvif or rtsp',
    path: ['onvif'],
  });
export type CameraCreate = z.infer<typeof cameraCreate>;

/** Body of PATCH /api/v1/cameras/{id}; a password that is left out stays as it is. */
export const cameraPatch = z.strictObject({
  name: name.optional(),
  projectId: id.optional(),
  position: position.optional(),
  onvif: onvifInput.partial().optional(),
  rtsp: rtspInput.partial().optional(),
  ...settings,
});
export type CameraPatch = z.infer<typeof cameraPatch>;

/** Body of POST /api/v1/camera-checks: a camera that nobody has registered, exactly one of the two. */
export const cameraCheckRequest = z
  .strictObject({
    onvif: onvifInput.optional(),
    rtsp: rtspInput.optional(),
    setClock: z.boolean().default(false).describe('Set the camera’s clock to the gateway’s before the check'),
  })
  .refine((body) => (body.onvif === undefined) !== (body.rtsp === undefined), {
    message: 'give either onvif or rtsp',
    path: ['onvif'],
  });
export type CameraCheckRequest = z.infer<typeof cameraCheckRequest>;

/** The steps of a check, in the order they are tried. */
export const checkStepName = z.enum(['network', 'onvif', 'auth', 'rtsp', 'firstFrame', 'decode']);

/** One piece of advice: `code` and `values` for translations, `message` in plain English, `action` that the API can do. */
export const checkAdvice = z.strictObject({
  code: z.enum([
    'clock-drift',
    'time-zone',
    'certificate-changed',
    'long-gop',
    'h265',
    'mjpeg',
    'sound-converted',
    'no-sub-stream',
    'uplink',
    'low-fps',
    'packet-loss',
    'small-snapshot',
    'sound-converted',
  ]),
  message: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
  action: z
    .enum(['set-clock', 'accept-certificate'])
    .nullable()
    .describe('set-clock: POST …/clock; accept-certificate: POST …/certificate'),
});
export type CheckAdvice = z.infer<typeof checkAdvice>;

/** Reply of POST /api/v1/cameras/{id}/check. */
export const cameraCheck = z.strictObject({
  ok: z.boolean(),
  steps: z.array(
    z.strictObject({
      name: checkStepName,
      ok: z.boolean(),
      ms: z.number(),
      code: z.string().nullable(),
      message: z.string(),
    }),
  ),
  main: streamInfo.nullable(),
  sub: streamInfo.nullable(),
  advice: z.array(checkAdvice),
  clockDriftSec: z
    .number()
    .nullable()
    .describe('Camera clock minus gateway clock; null where the camera does not tell it'),
});
export type CameraCheck = z.infer<typeof cameraCheck>;
