import { GatewayError } from '../../base/gateway-error.ts';
import { acknowledgement, incident, incidentPage, incidentQuery } from '../../contract/incident.ts';
import { sees } from '../access/principal.ts';
import type { Principal } from '../access/principal.ts';
import { roles } from '../access/roles.ts';
import { jsonRoute } from '../route.ts';
import type { Route } from '../route.ts';
import type { WebWarnings } from '../web-warnings.ts';
import { loaded } from './loaded.ts';
import { idParam } from './path-params.ts';

const path = '/api/v1/incidents';
// The handlers filter by the principal's projects.
const shared = { tag: 'incidents', access: roles.everyone, scope: { in: 'list' } } as const;

/** What is wrong or was, and who took it on. */
export function incidentRoutes(warnings: Pick<WebWarnings, 'incidents' | 'incidentView'>): Route[] {
  const { incidents } = warnings;
  return [
    jsonRoute({
      ...shared,
      method: 'get',
      path,
      summary: 'Incidents of cameras and steps, newest first',
      query: incidentQuery,
      reply: incidentPage,
      async handle({ query, principal }) {
        const found = await incidents.list(query, loaded(principal).projectIds);
        return { ...found, items: found.items.map((record) => warnings.incidentView(record)) };
      },
    }),
    jsonRoute({
      ...shared,
      method: 'post',
      path: `${path}/{id}/acknowledge`,
      summary: 'Take an incident on: nobody further up the chain is told',
      params: idParam,
      body: acknowledgement,
      reply: incident,
      async handle({ params, body, principal }) {
        const who = loaded(principal);
        const record = await incidents.get(params.id);
        if (!record || !sees(who, record.projectId))
          throw new GatewayError('not-found', `there is no incident ${params.id}`);
        return warnings.incidentView(await incidents.acknowledge(params.id, actorOf(who), body.note));
      },
    }),
  ];
}

function actorOf({ kind, id, user }: Principal): Parameters<WebWarnings['incidents']['acknowledge']>[1] {
  if (kind === 'share') throw new GatewayError('forbidden', 'a share link takes nothing on');
  return { kind, id, name: user.displayName };
}
