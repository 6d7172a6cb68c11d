import { z } from 'zod';
import { id, page, timestamp, timestampInput } from './common.ts';

/** Who did it: a person, a program with a token, whoever holds a share link, or the gateway and its command line. */
export const auditActor = z.strictObject({
  kind: z.enum(['user', 'token', 'share', 'system']),
  id: z.string().nullable(),
  name: z.string(),
});
export type AuditActor = z.infer<typeof auditActor>;

export const auditSubject = z.strictObject({ kind: z.string(), id: z.string(), name: z.string().nullable() });
export type AuditSubject = z.infer<typeof auditSubject>;

/** One line of the audit; `hash` chains it to the one before (see gateway/web/AUDIT.md). */
export const auditEntry = z.strictObject({
  id,
  at: timestamp,
  actor: auditActor,
  action: z.string().describe('Such as `camera.changed` or `live.watched`'),
  subject: auditSubject.nullable(),
  projectId: id.nullable(),
  address: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
  hash: z.string().length(64),
  prevHash: z.string().length(64),
});
export type AuditEntry = z.infer<typeof auditEntry>;

const word = z.string().min(1).max(120);

/** Query of GET /api/v1/audit; newest first. */
export const auditQuery = z.strictObject({
  from: timestampInput.optional(),
  to: timestampInput.optional(),
  actor: word.optional().describe('Id or name'),
  action: word.optional().describe('An action, or its first word: `camera` finds `camera.changed`'),
  subject: word.optional().describe('Id or name'),
  projectId: id.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(40).optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
  format: z
    .enum(['json', 'csv'])
    .default('json')
    .describe('csv: all that the filters find, for spreadsheets'),
});
export type AuditQuery = z.infer<typeof auditQuery>;

export const auditPage = page(auditEntry);

/** Reply of GET /api/v1/audit/verify. */
export const auditVerdict = z.strictObject({
  ok: z.boolean(),
  checked: z.number().int(),
  firstBadId: id.nullable(),
  reason: z.string().nullable(),
  head: z
    .strictObject({ id, hash: z.string().length(64) })
    .nullable()
    .describe('The last entry: kept elsewhere, it proves later that nothing was cut off'),
});
export type AuditVerdict = z.infer<typeof auditVerdict>;
