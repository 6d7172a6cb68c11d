import { auditPage, auditQuery, auditVerdict } from '../../contract/audit.ts';
import type { AuditQuery } from '../../contract/audit.ts';
import { auditCsv } from '../access/audit-csv.ts';
import type { AuditLog } from '../access/audit-log.ts';
import type { AuditFilter } from '../access/audit-store.ts';
import { roles } from '../access/roles.ts';
import type { Payload, Route } from '../route.ts';
import { bytesRoute, jsonRoute } from '../route.ts';

const path = '/api/v1/audit';
const shared = { tag: 'audit', method: 'get', access: roles.admin, scope: { in: 'nothing' } } as const;

/** Who did and who watched what. */
export function auditRoutes(audit: Pick<AuditLog, 'list' | 'all' | 'verify'>): Route[] {
  return [
    bytesRoute({
      ...shared,
      path,
      summary: 'Who did and who watched what, newest first; JSON by pages, or all of it as CSV',
      query: auditQuery,
      contentTypes: ['application/json', 'text/csv'],
      documents: auditPage,
      async handle({ query }) {
        const { order, limit, cursor } = query;
        const filter = filterOf(query);
        if (query.format === 'csv') return csvReply(audit.all(filter, order));
        return jsonReply(await audit.list(filter, { order, limit, cursor }));
      },
    }),
    jsonRoute({
      ...shared,
      path: `${path}/verify`,
      summary: 'Walk the chain of entries and say whether it is whole',
      reply: auditVerdict,
      handle: () => audit.verify(),
    }),
  ];
}

function filterOf({ from, to, actor, action, subject, projectId }: AuditQuery): AuditFilter {
  return {
    actor,
    action,
    subject,
    projectId,
    fromMs: from === undefined ? undefined : Date.parse(from),
    toMs: to === undefined ? undefined : Date.parse(to),
  };
}

function jsonReply(page: unknown): Payload {
  const bytes = Buffer.from(JSON.stringify(page));
  return {
    contentType: 'application/json; charset=utf-8',
    chunks: [bytes],
    byteLength: bytes.length,
    headers: { 'cache-control': 'no-store' },
  };
}

function csvReply(entries: Parameters<typeof auditCsv>[0]): Payload {
  return {
    contentType: 'text/csv; charset=utf-8',
    chunks: auditCsv(entries),
    byteLength: null,
    headers: {
      'cache-control': 'no-store',
      'content-disposition': 'attachment; filename="gantry-audit.csv"',
    },
  };
}
