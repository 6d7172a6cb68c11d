import { page, pageQuery } from '../../contract/common.ts';
import { user, userCreate, userPatch } from '../../contract/user.ts';
import { pageOf } from '../../fleet/page-of.ts';
import { roles } from '../access/roles.ts';
import { toUser } from '../access/sign-in.ts';
import type { Users } from '../access/users.ts';
import type { Route } from '../route.ts';
import { emptyRoute, jsonRoute } from '../route.ts';
import { idParam } from './path-params.ts';

const shared = { tag: 'users', access: roles.admin, scope: { in: 'nothing' } } as const;
const path = '/api/v1/users';

/** People and their roles. */
export function userRoutes(users: UserStore): Route[] {
  return [...listRoutes(users), ...itemRoutes(users)];
}

type UserStore = Pick<Users, 'all' | 'create' | 'patch' | 'remove'>;

function listRoutes(users: UserStore): Route[] {
  return [
    jsonRoute({
      ...shared,
      method: 'get',
      path,
      summary: 'All users',
      query: pageQuery,
      reply: page(user),
      async handle({ query }) {
        const { items, nextCursor } = pageOf(await users.all(), query.limit, query.cursor);
        return { items: items.map(toUser), nextCursor };
      },
    }),
    jsonRoute({
      ...shared,
      method: 'post',
      path,
      summary: 'Add a user',
      body: userCreate,
      reply: user,
      statuses: [201],
      handle: async ({ body }) => toUser(await users.create(body)),
    }),
  ];
}

function itemRoutes(users: UserStore): Route[] {
  return [
    jsonRoute({
      ...shared,
      method: 'patch',
      path: `${path}/{id}`,
      summary: 'Change a user; a new password ends the user’s sessions',
      params: idParam,
      body: userPatch,
      reply: user,
      handle: async ({ params, body }) => toUser(await users.patch(params.id, body)),
    }),
    emptyRoute({
      ...shared,
      method: 'delete',
      path: `${path}/{id}`,
      summary: 'Remove a user; the user’s sessions end',
      params: idParam,
      handle: ({ params }) => users.remove(params.id),
    }),
  ];
}
