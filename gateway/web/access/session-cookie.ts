/** Name of the cookie that bears the session's secret. */
export const SESSION_COOKIE = 'gantry_session';

const MAX_AGE_SEC = 180 * 86_400;
const VALUE = /^[A-Za-z0-9_-]{43}$/;

/**
 * The Set-Cookie header that opens a session. SameSite=Lax, not Strict: a link from a chat or an e-mail to the gateway
 * must find its reader signed in; what changes things is guarded by the origin check besides.
 */
export function sessionCookie(secret: string, secure: boolean): string {
  return `${SESSION_COOKIE}=${secret}; Path=/; Max-Age=${MAX_AGE_SEC}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

/** The Set-Cookie header that forgets the session. */
export function clearedSessionCookie(secure: boolean): string {
  return `${SESSION_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

/** The session's secret in a Cookie header; undefined when there is none of the right form. */
export function readSessionCookie(header: string | undefined): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const [name, value = ''] = pair.trim().split('=', 2);
    if (name === SESSION_COOKIE && VALUE.test(value)) return value;
  }
  return undefined;
}
