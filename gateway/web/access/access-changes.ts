import type { Emitter } from '../../base/emitter.ts';
import type { Principal } from './principal.ts';

/** Rights that changed or ended: of a person, of one session, of one token, or of a share link. */
export type AccessChange =
  | { kind: 'user'; userId: string }
  | { kind: 'session'; sessionId: string }
  | { kind: 'token'; tokenId: string }
  | { kind: 'share'; shareId: string };

/** Tells caches and open sockets that rights changed; one for each gateway. */
export type AccessChanges = Emitter<AccessChange>;

/** True when the change is about this principal. */
export function concerns(change: AccessChange, principal: Principal): boolean {
  if (change.kind === 'user') return principal.kind === 'user' && principal.id === change.userId;
  if (change.kind === 'session') return principal.sessionId === change.sessionId;
  if (change.kind === 'share') return principal.kind === 'share' && principal.id === change.shareId;
  return principal.kind === 'token' && principal.id === change.tokenId;
}
