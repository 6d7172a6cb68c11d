import { z } from 'zod';
import { id, timestamp } from '../contract/common.ts';
import { errorCodes } from '../base/error-codes.ts';
import type { ErrorCode } from '../base/error-codes.ts';
import { projectCreate } from '../contract/project.ts';
import { evidenceDay } from '../contract/evidence.ts';
import { snapshot } from '../contract/snapshot.ts';

/** Payload of `cameras/{cameraId}/snapshots`: the snapshot object and where its picture is. */
export const snapshotMessage = z.strictObject({
  schema: z.literal(1),
  at: timestamp.describe('When the message was made'),
  ...snapshot.shape,
  url: z.string().describe('The picture; relative to the gateway when no base URL is configured'),
});
export type SnapshotMessage = z.infer<typeof snapshotMessage>;

/** Payload of `evidence/{date}`: a closed day with what is needed to check its signature. */
export const evidenceMessage = z.strictObject({
  schema: z.literal(1),
  at: timestamp.describe('When the day was closed'),
  ...evidenceDay.shape,
  publicKey: z.string().describe('PEM (SPKI) of the key that signs'),
});
export type EvidenceMessage = z.infer<typeof evidenceMessage>;

/** Payload of `tracker/projects/{externalId}`: fields that the gateway does not know are passed over. */
export const trackerProject = z.object(projectCreate.shape).omit({ externalId: true, schedule: true });
export type TrackerProject = z.infer<typeof trackerProject>;
/** The same as the tracker writes it: what has a default may be absent. */
export type TrackerProjectInput = z.input<typeof trackerProject>;

const errorCode = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);

/** Payload of `tracker/errors`: why a message of the tracker changed nothing. */
export const trackerError = z.strictObject({
  schema: z.literal(1),
  at: timestamp,
  topic: z.string().describe('The topic of the refused message'),
  code: errorCode,
  message: z.string(),
});
export type TrackerError = z.infer<typeof trackerError>;

/** Payload of `cameras/{cameraId}/command`. */
export const cameraCommand = z.object({ do: z.enum(['snapshot', 'check']) });
export type CameraCommand = z.infer<typeof cameraCommand>;

/** Answer to a command: `result` is the snapshot or the check as the API shows it. */
export const commandResult = z.strictObject({
  schema: z.literal(1),
  at: timestamp,
  cameraId: id,
  do: z.string().nullable().describe('null when the command could not be read'),
  ok: z.boolean(),
  result: z.unknown().nullable(),
  error: z.strictObject({ code: errorCode, message: z.string() }).nullable(),
});
export type CommandResult = z.infer<typeof commandResult>;
