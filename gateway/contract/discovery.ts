import { z } from 'zod';
import { id } from './common.ts';

/** Credentials to try on found devices, in order; never stored, never returned. */
export const credentials = z.strictObject({ username: z.string().max(120), password: z.string().max(200) });
export type Credentials = z.infer<typeof credentials>;

/** Body of POST /api/v1/discovery. */
export const discoveryRequest = z.strictObject({
  method: z.enum(['multicast', 'scan', 'host']),
  cidr: z.string().max(60).optional().describe('Network to scan, as in 192.168.10.0/24'),
  hosts: z
    .array(z.string().min(1).max(253))
    .max(256)
    .optional()
    .describe('Hosts to ask, with or without :port'),
  ports: z.array(z.number().int().min(1).max(65535)).max(16).optional(),
  credentials: z.array(credentials).max(8).optional(),
  credentialSetIds: z
    .array(id)
    .max(8)
    .optional()
    .describe('Stored sets, tried after `credentials`, in order'),
  timeoutSec: z.number().min(1).max(300).optional(),
});
export type DiscoveryRequest = z.infer<typeof discoveryRequest>;

export const discoveredProfile = z.strictObject({
  token: z.string(),
  name: z.string(),
  codec: z.string().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  fps: z.number().nullable(),
  bitrateKbps: z.number().nullable(),
  gopSec: z.number().nullable(),
});
export type DiscoveredProfile = z.infer<typeof discoveredProfile>;

export const authVerdict = z.enum(['ok', 'required', 'rejected', 'unknown']);

/** One device that answered; `xaddr` is an RTSP address for one that speaks no ONVIF. */
export const discoveredDevice = z.strictObject({
  endpointId: z.string().nullable(),
  address: z.string(),
  xaddr: z.string(),
  vendor: z.string().nullable(),
  model: z.string().nullable(),
  firmware: z.string().nullable(),
  serial: z.string().nullable(),
  mac: z.string().nullable(),
  name: z.string().nullable(),
  registeredCameraId: id.nullable(),
  auth: authVerdict,
  clockDriftSec: z.number().nullable(),
  profiles: z.array(discoveredProfile),
  error: z.string().nullable(),
  credentialIndex: z.number().int().nullable().describe('Which of `credentials` it accepted'),
  credentialSetId: id.nullable().describe('Which stored set it accepted'),
  previewUrl: z.string().nullable().describe('A small picture of what it sees'),
  certificateSha256: z.string().nullable().describe('Certificate of an HTTPS device, to be pinned'),
  media: z.enum(['media1', 'media2']).nullable(),
});
export type DiscoveredDevice = z.infer<typeof discoveredDevice>;

/** Reply of GET /api/v1/discovery/{id}. */
export const discoveryJob = z.strictObject({
  id,
  state: z.enum(['running', 'done', 'failed']),
  progress: z.strictObject({ done: z.number().int(), total: z.number().int() }),
  devices: z.array(discoveredDevice),
  error: z.string().nullable(),
});
export type DiscoveryJob = z.infer<typeof discoveryJob>;

/** Reply of POST /api/v1/discovery. */
export const discoveryStarted = z.strictObject({ id });
