import { z } from 'zod';
import { page } from '../../contract/common.ts';
import { share, shareCreate, shareCreated, shareQuery } from '../../contract/share.ts';
import { roles } from '../access/roles.ts';
import type { Shares } from '../access/shares.ts';
import type { Route } from '../route.ts';
import { emptyRoute, jsonRoute } from '../route.ts';
import { loaded } from './loaded.ts';
import { idParam } from './path-params.ts';

const path = '/api/v1/shares';
// The store filters by the principal.
const shared = { tag: 'shares', access: roles.staff, scope: { in: 'list' } } as const;

/** What share routes need. */
export interface ShareRouteServices {
  shares: Pick<Shares, 'create' | 'list' | 'revoke'>;
  /** `http.publicUrl`, without a slash at its end. */
  publicUrl: string | null;
}

/** Making, listing and revoking links. */
export function shareRoutes({ shares, publicUrl }: ShareRouteServices): Route[] {
  return [
    jsonRoute({
      ...shared,
      method: 'post',
      path,
      summary: 'A link that opens one camera’s live view or one pair of pictures; shown this once',
      body: shareCreate,
      reply: shareCreated,
      statuses: [201],
      async handle({ body, principal, secure, host }) {
        const { share: made, secret } = await shares.create(body, loaded(principal));
        const origin = publicUrl ?? `${secure ? 'https' : 'http'}://${host}`;
        return { ...made, url: `${origin}/s/${secret}` };
      },
    }),
    jsonRoute({
      ...shared,
      method: 'get',
      path,
      summary: 'Links to what one may see, newest first, without their secrets',
      query: shareQuery,
      reply: page(share),
      handle: ({ query, principal }) => shares.list(loaded(principal), query),
    }),
    emptyRoute({
      ...shared,
      method: 'delete',
      path: `${path}/{id}`,
      summary: 'Revoke a link; whoever watches through it is cut off at once',
      params: idParam,
      query: z.strictObject({}),
      handle: ({ params, principal }) => shares.revoke(params.id, loaded(principal)),
    }),
  ];
}
