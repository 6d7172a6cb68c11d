import { z } from 'zod';
import { streamInfo } from './camera.ts';
import { id, pageQuery, timestamp, timestampInput } from './common.ts';

/** The one thing that a share link opens. */
export const shareTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('live'), cameraId: id }),
  z.strictObject({ kind: z.literal('pair'), leftId: id, rightId: id }),
]);
export type ShareTarget = z.infer<typeof shareTarget>;

/** Body of POST /api/v1/shares. */
export const shareCreate = z.strictObject({
  target: shareTarget,
  expiresAt: timestampInput.describe('When the link ends; shares.maxDays from now at the latest'),
  note: z
    .string()
    .trim()
    .max(200)
    .optional()
    .describe('For whom or what; not shown to those who open the link'),
});
export type ShareCreate = z.infer<typeof shareCreate>;

/** A share link as listed; its secret is shown once, at creation. */
export const share = z.strictObject({
  id,
  target: shareTarget,
  note: z.string().nullable(),
  createdAt: timestamp,
  expiresAt: timestamp,
  revokedAt: timestamp.nullable(),
  views: z.number().int().describe('Times that its page was opened'),
  lastViewedAt: timestamp.nullable(),
  createdBy: z.strictObject({ kind: z.enum(['user', 'token']), id, name: z.string() }),
});
export type Share = z.infer<typeof share>;

/** Reply of POST /api/v1/shares. */
export const shareCreated = z.strictObject({ ...share.shape, url: z.string().describe('Shown this once') });
export type ShareCreated = z.infer<typeof shareCreated>;

/** Query of GET /api/v1/shares; newest first. */
export const shareQuery = z.strictObject({
  ...pageQuery.shape,
  state: z.enum(['open', 'all']).default('all').describe('open: neither ended nor revoked'),
});

const sharedPicture = z.strictObject({
  takenAt: timestamp,
  width: z.number().int(),
  height: z.number().int(),
  cameraName: z.string(),
});
const shown = {
  projectName: z.string(),
  timeZone: z.string(),
  now: timestamp.describe('The gateway’s clock'),
  expiresAt: timestamp,
};

/** Reply of GET /s/{secret}/info: what the page shows, and nothing more of camera or project. */
export const shareInfo = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('live'),
    ...shown,
    cameraName: z.string(),
    enabled: z.boolean(),
    main: streamInfo.nullable(),
    sub: streamInfo.nullable(),
    hasSub: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('pair'), ...shown, left: sharedPicture, right: sharedPicture }),
]);
export type ShareInfo = z.infer<typeof shareInfo>;
