import { toRfc3339 } from '../../base/clock.ts';
import { page, pageQuery } from '../../contract/common.ts';
import { credentialSet, credentialSetCreate, credentialSetPatch } from '../../contract/credential-set.ts';
import type { CredentialSet } from '../../contract/credential-set.ts';
import type { CredentialSetRecord } from '../../fleet/credential-sets.ts';
import { roles } from '../access/roles.ts';
import { emptyRoute, jsonRoute } from '../route.ts';
import type { Route } from '../route.ts';
import type { WebServices } from '../web-services.ts';
import { idParam } from './path-params.ts';

const path = '/api/v1/credential-sets';
const shared = { tag: 'credential sets', access: roles.technician, scope: { in: 'nothing' } } as const;
const one = { ...shared, path: `${path}/{id}`, params: idParam } as const;

/** Named sign-ins for cameras: shared by all technicians, their passwords never shown. */
export function credentialSetRoutes({ credentialSets }: Pick<WebServices, 'credentialSets'>): Route[] {
  return [
    jsonRoute({
      ...shared,
      method: 'get',
      path,
      summary: 'Named sign-ins for cameras, without their passwords',
      query: pageQuery,
      reply: page(credentialSet),
      async handle({ query }) {
        const found = await credentialSets.list(query);
        return { ...found, items: found.items.map(view) };
      },
    }),
    jsonRoute({
      ...shared,
      method: 'post',
      path,
      summary: 'Keep a sign-in under a name',
      body: credentialSetCreate,
      reply: credentialSet,
      statuses: [201],
      handle: async ({ body }) => view(await credentialSets.create(body)),
    }),
    jsonRoute({
      ...one,
      method: 'patch',
      summary: 'Change a sign-in; cameras keep the one that they were given',
      body: credentialSetPatch,
      reply: credentialSet,
      handle: async ({ params, body }) => view(await credentialSets.patch(params.id, body)),
    }),
    emptyRoute({
      ...one,
      method: 'delete',
      summary: 'Forget a sign-in; cameras keep the one that they were given',
      handle: ({ params }) => credentialSets.remove(params.id),
    }),
  ];
}

function view({ createdAtMs, ...record }: CredentialSetRecord): CredentialSet {
  return { ...record, createdAt: toRfc3339(createdAtMs) };
}
