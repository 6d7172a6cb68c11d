import type { Role, User } from '../../contract/user.ts';

/** Who makes a request: a person with a session, a program with an API token, or whoever holds a share link; lives as long as the request or socket. */
export interface Principal {
  kind: 'user' | 'token' | 'share';
  /** Id of the user, the token or the share link. */
  id: string;
  /** Id of the session (not its secret); null for a token. */
  sessionId: string | null;
  role: Role;
  /** Projects that this one sees; null means all (admin). */
  projectIds: readonly string[] | null;
  /** The wire form; for a token its name stands as the user name. */
  user: User;
  /** When session or token end; null for a token without end. */
  expiresAtMs: number | null;
}

/** True when the principal may see things of the project. */
export function sees(principal: Pick<Principal, 'projectIds'>, projectId: string): boolean {
  return principal.projectIds === null || principal.projectIds.includes(projectId);
}

/** The projects that a role with this list sees: an admin's list does not count. */
export function visibleProjects(role: Role, projectIds: readonly string[]): readonly string[] | null {
  return role === 'admin' ? null : projectIds;
}
