import { GatewayError } from '../../base/gateway-error.ts';
import { discoveryJob, discoveryRequest, discoveryStarted } from '../../contract/discovery.ts';
import { roles } from '../access/roles.ts';
import type { DiscoveryOwners } from '../discovery-owners.ts';
import type { Route } from '../route.ts';
import { emptyRoute, jsonRoute } from '../route.ts';
import type { WebDiscovery } from '../web-services.ts';
import { loaded } from './loaded.ts';
import { idParam } from './path-params.ts';

const path = '/api/v1/discovery';
const shared = { tag: 'discovery', access: roles.technician, scope: { in: 'own' } } as const;

interface DiscoveryRouteServices {
  discovery: WebDiscovery;
  owners: DiscoveryOwners;
}

/** Searches for cameras; each is seen by whoever started it, and by admins. */
export function discoveryRoutes({ discovery, owners }: DiscoveryRouteServices): Route[] {
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
        const id = discovery.start(body);
        owners.add(id, loaded(principal));
        return { id };
      },
    }),
    ...itemRoutes({ discovery, owners }),
  ];
}

function itemRoutes({ discovery, owners }: DiscoveryRouteServices): Route[] {
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
