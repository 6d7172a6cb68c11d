import { z } from 'zod';

const velocity = z.number().min(-1).max(1).default(0);

/** Body of POST /api/v1/cameras/{id}/ptz: a short move that always stops, or a preset. */
export const ptzOrder = z.union([
  z.strictObject({ preset: z.string().min(1).max(120).describe('Token of a preset') }),
  z.strictObject({
    pan: velocity.describe('Speed from -1 (left) to 1 (right)'),
    tilt: velocity.describe('Speed from -1 (down) to 1 (up)'),
    zoom: velocity.describe('Speed from -1 (wide) to 1 (near)'),
    ms: z.number().int().min(50).max(5000).default(500).describe('How long it moves'),
  }),
]);
export type PtzOrder = z.infer<typeof ptzOrder>;

/** Reply of GET /api/v1/cameras/{id}/ptz. */
export const ptzState = z.strictObject({
  supported: z.boolean(),
  presets: z.array(z.strictObject({ token: z.string(), name: z.string() })),
});
export type PtzState = z.infer<typeof ptzState>;

/** Reply of POST /api/v1/cameras/{id}/clock. */
export const clockSet = z.strictObject({
  clockDriftSec: z.number().nullable().describe('Camera time minus gateway time, afterwards'),
  ntpEnded: z.boolean().describe('True: the camera took its time by NTP before, and does so no more'),
});
export type ClockSet = z.infer<typeof clockSet>;

/** Body of POST /api/v1/cameras/{id}/certificate. */
export const certificateAcceptance = z.strictObject({
  sha256: z
    .string()
    .toLowerCase()
    .regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')
    .describe('The certificate that the camera shows now, as in onvif.certificate.changedTo'),
});
export type CertificateAcceptance = z.infer<typeof certificateAcceptance>;
