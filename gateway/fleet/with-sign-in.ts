import { GatewayError } from '../base/gateway-error.ts';
import type { Credentials } from '../contract/discovery.ts';

/** Where a body's `credentialSetId` is looked up. */
export interface SignInSource {
  /** Throws `not-found`, `secret-unreadable`. */
  credentialsOf(credentialSetId: string): Credentials;
}

interface SignInFields {
  username?: string | undefined;
  password?: string | undefined;
  credentialSetId?: string | undefined;
}

/**
 * The body with its credential set's user name and password in their places: the camera keeps a copy, so that a later
 * change of the set does not cut it off. Throws `bad-request` when both are given, else as `credentialsOf`.
 */
export function withSignIn<Body extends { onvif?: SignInFields; rtsp?: SignInFields }>(
  body: Body,
  source: SignInSource,
): Body {
  const filled = { ...body };
  if (body.onvif) filled.onvif = fieldsOf(body.onvif, source);
  if (body.rtsp) filled.rtsp = fieldsOf(body.rtsp, source);
  return filled;
}

function fieldsOf<Fields extends SignInFields>(fields: Fields, source: SignInSource): Fields {
  const { credentialSetId, username, password } = fields;
  if (credentialSetId === undefined) return fields;
  if (username || password) {
    throw new GatewayError('bad-request', 'give either credentialSetId or username and password, not both');
  }
  return { ...fields, ...source.credentialsOf(credentialSetId), credentialSetId: undefined };
}
