import { toRfc3339 } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { session, signIn } from '../../contract/user.ts';
import type { Session, User } from '../../contract/user.ts';
import { roles } from '../access/roles.ts';
import { clearedSessionCookie, sessionCookie } from '../access/session-cookie.ts';
import type { Sessions } from '../access/sessions.ts';
import type { SignIn } from '../access/sign-in.ts';
import type { Route } from '../route.ts';
import { emptyRoute, jsonRoute } from '../route.ts';
import { loaded } from './loaded.ts';

const path = '/api/v1/session';
const tag = 'session';

/** Signing in and out, and who one is. */
export function sessionRoutes(services: {
  signIn: Pick<SignIn, 'open'>;
  sessions: Pick<Sessions, 'close'>;
  site: { clock: Clock; timeZone: string };
}): Route[] {
  const { clock, timeZone } = services.site;
  const sessionOf = (whose: User): Session => ({
    user: whose,
    site: { timeZone, now: toRfc3339(clock.now()) },
  });
  return [
    signInRoute(services.signIn, sessionOf),
    jsonRoute({
      method: 'get',
      path,
      summary: 'Who am I',
      tag,
      access: roles.everyone,
      scope: { in: 'nothing' },
      reply: session,
      handle: ({ principal }) => sessionOf(loaded(principal).user),
    }),
    emptyRoute({
      method: 'delete',
      path,
      summary: 'Sign out',
      tag,
      access: roles.everyone,
      scope: { in: 'nothing' },
      async handle({ principal, secure, setHeader }) {
        const { sessionId } = loaded(principal);
        if (sessionId !== null) await services.sessions.close(sessionId);
        setHeader('set-cookie', clearedSessionCookie(secure));
      },
    }),
  ];
}

function signInRoute(door: Pick<SignIn, 'open'>, sessionOf: (whose: User) => Session): Route {
  return jsonRoute({
    method: 'post',
    path,
    summary: 'Sign in; sets the session cookie',
    tag,
    access: 'public',
    scope: { in: 'nothing' },
    body: signIn,
    reply: session,
    statuses: [201],
    async handle({ body, headers, address, secure, setHeader }) {
      const caller = { address, userAgent: headers['user-agent'] ?? '' };
      const { user, secret } = await door.open(body.username, body.password, caller);
      setHeader('set-cookie', sessionCookie(secret, secure));
      return sessionOf(user);
    },
  });
}
