import { z } from 'zod';
import { calendarDate, id, timestamp, timestampInput } from './common.ts';
import { chainVerdict } from './snapshot.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A day of the record, closed and signed; never changes again. */
export const evidenceDay = z.strictObject({
  date: calendarDate,
  gatewayId: z.string(),
  timeZone: z.string(),
  closedAt: timestamp,
  cameras: z.number().int().describe('Leaves of the tree'),
  root: sha256.describe('Merkle root (RFC 9162) over the ends of all cameras’ chains'),
  prevHash: sha256.describe('SHA-256 of the statement of the day closed before; zeros for the first'),
  keyId: sha256.describe('SHA-256 of the public key (SPKI, DER)'),
  statement: z.string().describe('The text that is signed'),
  signature: z.string().describe('Ed25519 over the statement, base64'),
});
export type EvidenceDay = z.infer<typeof evidenceDay>;

/** How a camera’s leaf leads to the root of a day. */
export const evidenceLeaf = z.strictObject({
  cameraId: id,
  seq: z.number().int().describe('Number of the picture with which the chain ended'),
  chainHash: sha256,
  path: z.array(z.strictObject({ side: z.enum(['left', 'right']), hash: sha256 })),
});
export type EvidenceLeaf = z.infer<typeof evidenceLeaf>;

/** Reply of GET /api/v1/evidence/{date}. */
export const evidenceDayProof = z.strictObject({ ...evidenceDay.shape, leaves: z.array(evidenceLeaf) });
export type EvidenceDayProof = z.infer<typeof evidenceDayProof>;

/** Query of GET /api/v1/cameras/{id}/snapshots/export.zip; without ends it is all there is. */
export const evidenceExportQuery = z.strictObject({
  from: timestampInput.optional(),
  to: timestampInput.optional(),
});

/** Reply of GET /api/v1/evidence/verify. */
export const recordVerdict = z.strictObject({
  ok: z.boolean(),
  keyId: sha256,
  pictures: z.number().int(),
  cameras: z.array(z.strictObject({ cameraId: id, ...chainVerdict.shape })),
  days: z.strictObject({
    ok: z.boolean(),
    checked: z.number().int(),
    firstBadDate: calendarDate.nullable(),
    reason: z.string().nullable(),
  }),
});
export type RecordVerdict = z.infer<typeof recordVerdict>;
