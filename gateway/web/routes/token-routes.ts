import { page, pageQuery } from '../../contract/common.ts';
import { apiToken, apiTokenCreate, apiTokenCreated } from '../../contract/user.ts';
import { pageOf } from '../../fleet/page-of.ts';
import { toApiToken } from '../access/api-tokens.ts';
import type { ApiTokens } from '../access/api-tokens.ts';
import { roles } from '../access/roles.ts';
import type { Route } from '../route.ts';
import { emptyRoute, jsonRoute } from '../route.ts';
import { idParam } from './path-params.ts';

const shared = { tag: 'tokens', access: roles.admin, scope: { in: 'nothing' } } as const;
const path = '/api/v1/tokens';

/** API tokens of programs. */
export function tokenRoutes(tokens: Pick<ApiTokens, 'all' | 'create' | 'remove'>): Route[] {
  return [
    jsonRoute({
      ...shared,
      method: 'get',
      path,
      summary: 'All API tokens, without their secrets',
      query: pageQuery,
      reply: page(apiToken),
      async handle({ query }) {
        const { items, nextCursor } = pageOf(await tokens.all(), query.limit, query.cursor);
        return { items: items.map(toApiToken), nextCursor };
      },
    }),
    jsonRoute({
      ...shared,
      method: 'post',
      path,
      summary: 'A new API token; its secret is shown this once',
      body: apiTokenCreate,
      reply: apiTokenCreated,
      statuses: [201],
      async handle({ body }) {
        const { token, secret } = await tokens.create(body);
        return { ...toApiToken(token), secret };
      },
    }),
    emptyRoute({
      ...shared,
      method: 'delete',
      path: `${path}/{id}`,
      summary: 'End an API token',
      params: idParam,
      handle: ({ params }) => tokens.remove(params.id),
    }),
  ];
}
