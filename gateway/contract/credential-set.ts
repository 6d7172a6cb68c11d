import { z } from 'zod';
import { id, timestamp } from './common.ts';

/** A named user name and password for cameras; the password never comes back. */
export const credentialSet = z.strictObject({
  id,
  name: z.string(),
  username: z.string(),
  hasPassword: z.boolean(),
  createdAt: timestamp,
});
export type CredentialSet = z.infer<typeof credentialSet>;

/** Body of POST /api/v1/credential-sets. */
export const credentialSetCreate = z.strictObject({
  name: z.string().trim().min(1).max(120),
  username: z.string().max(120),
  password: z.string().max(200),
});
export type CredentialSetCreate = z.infer<typeof credentialSetCreate>;

/** Body of PATCH /api/v1/credential-sets/{id}; what is left out stays. */
export const credentialSetPatch = credentialSetCreate.partial();
export type CredentialSetPatch = z.infer<typeof credentialSetPatch>;
