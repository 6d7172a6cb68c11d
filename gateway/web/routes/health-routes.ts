import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import { timestampInput } from '../../contract/common.ts';
import { cameraHealth, healthHistory, healthOverview, healthOverviewQuery } from '../../contract/health.ts';
import { roles } from '../access/roles.ts';
import type { Route } from '../route.ts';
import { jsonRoute } from '../route.ts';
import type { WebCameras, WebHealth } from '../web-services.ts';
import { idParam } from './path-params.ts';
import { sees } from '../access/principal.ts';
import { loaded } from './loaded.ts';

const DAY_MS = 86_400_000;
const LONGEST_MS = 400 * DAY_MS;
const shared = {
  tag: 'health',
  access: roles.everyone,
  params: idParam,
  scope: { in: 'camera', param: 'id', foreign: 'not-found' },
} as const;

const historyQuery = z.strictObject({
  from: timestampInput.optional().describe('Default: a day before `to`'),
  to: timestampInput.optional().describe('Default: now'),
});

/** What the routes of health are made over. */
interface HealthParts {
  health: WebHealth;
  cameras: Pick<WebCameras, 'get'>;
  clock: Clock;
}

/** How a camera is, and how it was; how all are. */
export function healthRoutes(parts: HealthParts): Route[] {
  return [overviewRoute(parts), nowRoute(parts), historyRoute(parts)];
}

function overviewRoute({ health, cameras }: HealthParts): Route {
  return jsonRoute({
    tag: 'health',
    access: roles.everyone,
    scope: { in: 'list' },
    method: 'get',
    path: '/api/v1/health/overview',
    summary: 'How all cameras were in the last hours and days: the bars of the health page',
    query: healthOverviewQuery,
    reply: healthOverview,
    handle({ query, principal }) {
      const overview = health.overview(query.days);
      const mayShow = (cameraId: string): boolean => {
        const camera = cameras.get(cameraId);
        return camera !== undefined && sees(loaded(principal), camera.projectId);
      };
      return { ...overview, items: overview.items.filter(({ cameraId }) => mayShow(cameraId)) };
    },
  });
}

function nowRoute({ health }: HealthParts): Route {
  return jsonRoute({
    ...shared,
    method: 'get',
    path: '/api/v1/cameras/{id}/health',
    summary: 'How the camera is now',
    reply: cameraHealth,
    handle({ params }) {
      const found = health.health(params.id);
      if (!found)
        throw new GatewayError('not-found', 'the camera has not been looked at yet: ask again shortly');
      return found;
    },
  });
}

function historyRoute({ health, clock }: HealthParts): Route {
  return jsonRoute({
    ...shared,
    method: 'get',
    path: '/api/v1/cameras/{id}/health/history',
    summary: 'Changes of the light and the share of time that the camera was up',
    query: historyQuery,
    reply: healthHistory,
    handle({ params, query }) {
      const toMs = query.to === undefined ? clock.now() : Date.parse(query.to);
      const fromMs = query.from === undefined ? toMs - DAY_MS : Date.parse(query.from);
      if (fromMs > toMs || toMs - fromMs > LONGEST_MS)
        throw new GatewayError('bad-request', 'query: from must lie before to, by 400 days at most');
      return health.history(params.id, fromMs, toMs);
    },
  });
}
