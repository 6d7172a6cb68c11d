import { z } from 'zod';
import { id, timestamp } from './common.ts';

/** What a person may do: admin everything; technician cameras; staff records; leader looks. */
export const role = z.enum(['admin', 'technician', 'staff', 'leader']);
export type Role = z.infer<typeof role>;

/** A person as the API shows them; `projectIds` limits what anyone but an admin sees. */
export const user = z.strictObject({
  id,
  username: z.string(),
  displayName: z.string(),
  role,
  projectIds: z.array(id),
});
export type User = z.infer<typeof user>;

export const username = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}._@-]+$/u, 'letters, digits and . _ @ - only');

export const password = z.string().min(8).max(200);

/** Body of POST /api/v1/session. */
export const signIn = z.strictObject({
  username: z.string().min(1).max(64),
  password: z.string().min(1).max(200),
});

/** Reply of POST and GET /api/v1/session. */
export const session = z.strictObject({
  user,
  site: z.strictObject({
    timeZone: z.string().describe('IANA name of the time zone of schedules, days and shown times'),
    now: timestamp.describe('The gateway’s clock'),
  }),
});
export type Session = z.infer<typeof session>;

/** Body of POST /api/v1/users. */
export const userCreate = z.strictObject({
  username,
  password,
  displayName: z.string().trim().min(1).max(80).optional(),
  role,
  projectIds: z.array(id).max(2000).default([]),
});
export type UserCreate = z.infer<typeof userCreate>;

/** Body of PATCH /api/v1/users/{id}. */
export const userPatch = z.strictObject({
  displayName: z.string().trim().min(1).max(80).optional(),
  role: role.optional(),
  projectIds: z.array(id).max(2000).optional(),
  password: password.optional(),
});
export type UserPatch = z.infer<typeof userPatch>;

/** An API token as listed; the secret itself is shown once, at creation. */
export const apiToken = z.strictObject({
  id,
  name: z.string(),
  role,
  projectIds: z.array(id),
  createdAt: timestamp,
  expiresAt: timestamp.nullable(),
  lastUsedAt: timestamp.nullable(),
});
export type ApiToken = z.infer<typeof apiToken>;

/** Body of POST /api/v1/tokens. */
export const apiTokenCreate = z.strictObject({
  name: z.string().trim().min(1).max(80),
  role,
  projectIds: z.array(id).max(2000).default([]),
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
});
export type ApiTokenCreate = z.infer<typeof apiTokenCreate>;

/** Reply of POST /api/v1/tokens. */
export const apiTokenCreated = z.strictObject({ ...apiToken.shape, secret: z.string() });
