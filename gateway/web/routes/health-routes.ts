import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import { timestampInput } from '../../contract/common.ts';
import { cameraHealth, healthHistory } from '../../contract/health.ts';
import { roles } from '../access/roles.ts';
import type { Route } from '../route.ts';
import { jsonRoute } from '../route.ts';
import type { WebHealth } from '../web-services.ts';
import { idParam } from './path-params.ts';

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

/** How a camera is, and how it was. */
export function healthRoutes({ health, clock }: { health: WebHealth; clock: Clock }): Route[] {
  return [
    jsonRoute({
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
    }),
    jsonRoute({
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
    }),
  ];
}
