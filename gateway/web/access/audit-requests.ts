import type { AnyContext, HttpRoute } from '../route.ts';
import { auditActor } from './audit-actor.ts';
import type { AuditLog } from './audit-log.ts';
import type { NewAuditEntry } from './audit-row.ts';
import { auditRules } from './audit-rules.ts';
import type { AuditFacts, AuditRule } from './audit-rule.ts';

/** Writes down the use of routes by their rules, before the reply goes out; one for each server. */
export class AuditRequests {
  readonly #audit: Pick<AuditLog, 'record'>;

  constructor(audit: Pick<AuditLog, 'record'>) {
    this.#audit = audit;
  }

  /** The handler has done its work. Resolves when the entry is on disk; throws `storage-failed`. */
  async done(route: HttpRoute, context: AnyContext, result: unknown): Promise<void> {
    const rule = ruleOf(route);
    if (!rule) return;
    const facts = factsOf(context, result);
    if (rule.when && !rule.when(facts)) return;
    await this.#audit.record(entryOf(rule, context, facts));
  }

  /** The handler broke off through a fault of ours: what it should change may be changed in part. */
  async broken(route: HttpRoute, context: AnyContext, code: string): Promise<void> {
    const rule = route.method === 'get' ? undefined : ruleOf(route);
    if (!rule) return;
    const entry = entryOf(rule, context, factsOf(context, undefined));
    await this.#audit.record({ ...entry, detail: { ...entry.detail, failed: code } });
  }
}

/** A route that changes something and has no rule is written down all the same; a test keeps that from happening. */
function ruleOf({ method, path }: HttpRoute): AuditRule | undefined {
  const key = `${method} ${path}`;
  const rule = auditRules[key] ?? (method === 'get' ? undefined : { action: key });
  return rule && 'action' in rule ? rule : undefined;
}

function factsOf(
  { params, query, body, headers, camera, project, snapshot }: AnyContext,
  result: unknown,
): AuditFacts {
  const given = {
    params: params as Record<string, string>,
    query: objectOf(query),
    body: objectOf(body),
    headers,
  };
  return { ...given, result: objectOf(result), camera, project, snapshot };
}

function entryOf(rule: AuditRule, context: AnyContext, facts: AuditFacts): NewAuditEntry {
  const projectId = rule.projectId?.(facts) ?? context.camera?.projectId ?? context.project?.id;
  return {
    actor: auditActor(context.principal),
    action: rule.action,
    subject: rule.subject?.(facts) ?? null,
    projectId: typeof projectId === 'string' ? projectId : null,
    address: context.address,
    detail: rule.detail?.(facts) ?? {},
  };
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
