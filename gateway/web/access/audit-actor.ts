import type { AuditActor } from '../../contract/audit.ts';
import type { Principal } from './principal.ts';

/** A principal as the audit names it; who is nobody is a program on this machine. */
export function auditActor(principal: Principal | null): AuditActor {
  if (!principal) return { kind: 'system', id: null, name: 'local program' };
  return { kind: principal.kind, id: principal.id, name: principal.user.username };
}
