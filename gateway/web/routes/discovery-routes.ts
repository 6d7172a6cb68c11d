import { z } from 'zod';
import { GatewayError } from '../../base/gateway-error.ts';
import { id } from '../../contract/common.ts';
import { discoveryJob, discoveryRequest, discoveryStarted } from '../../contract/discovery.ts';
import { roles } from '../access/roles.ts';
import type { DiscoveryOwners } from '../discovery-owners.ts';
import type { Route } from '../route.ts';
import { bytesRoute, emptyRoute, jsonRoute } from '../route.ts';
import type { WebDiscovery, WebPreviews } from '../web-services.ts';
import { loaded } from './loaded.ts';
import { idParam } from './path-params.ts';

const path = '/api/v1/discovery';
const shared = { tag: 'discovery', access: roles.technician, scope: { in: 'own' } } as const;

interface DiscoveryRouteServices {
  discovery: WebDiscovery;
  previews: WebPreviews;
  owners: DiscoveryOwners;
}

/** Searches for cameras; each is seen by whoever started it, and by admins. */
export function discoveryRoutes({ discovery, previews, owners }: DiscoveryRouteServices): Route[] {
  return [
    jsonRoute({
      ...shared,
      method: 'post',
      path,
      summary: 'Search for cameras by multicast, in a network, or at given hosts',
      body: discoveryRequest,
      reply: discoveryStarted,
      statuses: [202],
      handle({ body, principal }) {
        const jobId = discovery.start(body);
        owners.add(jobId, loaded(principal));
        return { id: jobId };
      },
    }),
    ...itemRoutes({ discovery, owners }),
    previewRoute({ previews, owners }),
  ];
}

const previewParams = z.strictObject({ id, n: z.coerce.number().int().min(0).max(100_000) });

function previewRoute({ previews, owners }: Pick<DiscoveryRouteServices, 'previews' | 'owners'>): Route {
  return bytesRoute({
    ...shared,
    method: 'get',
    path: `${path}/{id}/previews/{n}`,
    summary: 'A small picture of what a found device sees',
    params: previewParams,
    contentTypes: ['image/jpeg'],
    async handle({ params, principal }) {
      if (!owners.maySee(params.id, loaded(principal))) throw unknown(params.id);
      const jpeg = await previews.preview(params.id, params.n);
      if (!jpeg) throw new GatewayError('not-found', 'this device shows no picture');
      return {
        contentType: 'image/jpeg',
        chunks: [jpeg],
        byteLength: jpeg.byteLength,
        headers: { 'Cache-Control': 'private, max-age=60' },
      };
    },
  });
}

function itemRoutes({ discovery, owners }: Pick<DiscoveryRouteServices, 'discovery' | 'owners'>): Route[] {
  return [
    jsonRoute({
      ...shared,
      method: 'get',
      path: `${path}/{id}`,
      summary: 'How a search stands, and what it has found',
      params: idParam,
      reply: discoveryJob,
      handle({ params, principal }) {
        const job = owners.maySee(params.id, loaded(principal)) ? discovery.get(params.id) : undefined;
        if (!job) throw unknown(params.id);
        return job;
      },
    }),
    emptyRoute({
      ...shared,
      method: 'delete',
      path: `${path}/{id}`,
      summary: 'Cancel a search',
      params: idParam,
      handle({ params, principal }) {
        const canceled = owners.maySee(params.id, loaded(principal)) && discovery.cancel(params.id);
        if (!canceled) throw unknown(params.id);
      },
    }),
  ];
}

function unknown(jobId: string): GatewayError {
  return new GatewayError('not-found', `there is no search ${jobId}`);
}
