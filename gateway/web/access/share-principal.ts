import type { Principal } from './principal.ts';
import type { OpenShare } from './shares.ts';

/** Whoever holds a link: sees no project, and of everything else only what the link's own routes hand out. */
export function sharePrincipal({ id, name, expiresAtMs }: OpenShare): Principal {
  return {
    kind: 'share',
    id,
    sessionId: null,
    role: 'leader',
    projectIds: [],
    user: { id, username: name, displayName: name, role: 'leader', projectIds: [] },
    expiresAtMs,
  };
}
