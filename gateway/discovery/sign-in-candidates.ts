import { GatewayError } from '../base/gateway-error.ts';
import type { Credentials, DiscoveryRequest } from '../contract/discovery.ts';

/** What a search needs of the fleet's stored credentials. */
export interface CredentialSets {
  /** The sets with these ids, in any order; those that do not exist are left out. Throws `secret-unreadable`. */
  lookup(ids: readonly string[]): readonly (Credentials & { id: string })[];
}

/** One sign-in to try, and where it came from. */
export interface SignInCandidate {
  credentials: Credentials;
  /** Its place among the credentials of the request; null for a stored set. */
  credentialIndex: number | null;
  credentialSetId: string | null;
}

/** The sign-ins of a search in the order in which they are tried, each once. Throws `not-found` for a set that does not exist. */
export function signInCandidates(request: DiscoveryRequest, sets: CredentialSets): SignInCandidate[] {
  const given = (request.credentials ?? []).map((credentials, credentialIndex) => ({
    credentials,
    credentialIndex,
    credentialSetId: null,
  }));
  const ids = request.credentialSetIds ?? [];
  const found = new Map(ids.length === 0 ? [] : sets.lookup(ids).map((set) => [set.id, set]));
  const stored = ids.map((id) => {
    const set = found.get(id);
    if (!set) throw new GatewayError('not-found', `there is no stored sign-in ${id}`);
    const { username, password } = set;
    return { credentials: { username, password }, credentialIndex: null, credentialSetId: id };
  });
  const seen = new Set<string>();
  return [...given, ...stored].filter(({ credentials: { username, password } }) => {
    const key = JSON.stringify([username, password]);
    return !seen.has(key) && seen.add(key);
  });
}
