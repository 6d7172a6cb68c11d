import { z } from 'zod';
import type { Route } from '../route.ts';
import { bytesRoute, jsonRoute } from '../route.ts';
import type { Readiness } from '../web-services.ts';

const shared = { tag: 'system', access: 'public', scope: { in: 'nothing' } } as const;
const alive = z.strictObject({ ok: z.literal(true) });
const readyOrNot = z.strictObject({ ready: z.boolean(), reasons: z.array(z.string()) });

/** What system routes need. */
export interface SystemRouteServices {
  readiness: Readiness;
  metrics: { readonly contentType: string; text(): Promise<string> };
  openApi: () => Record<string, unknown>;
}

/** Alive, ready, metrics, and the interface's own description. */
export function systemRoutes({ readiness, metrics, openApi }: SystemRouteServices): Route[] {
  return [
    jsonRoute({
      ...shared,
      method: 'get',
      path: '/healthz',
      summary: 'The process is alive',
      reply: alive,
      handle: () => ({ ok: true as const }),
    }),
    readyRoute(readiness),
    metricsRoute(metrics),
    jsonRoute({
      ...shared,
      method: 'get',
      path: '/api/v1/openapi.json',
      summary: 'This document',
      reply: z.looseObject({ openapi: z.string() }),
      handle: () => openApi() as { openapi: string },
    }),
  ];
}

function readyRoute(readiness: Readiness): Route {
  return jsonRoute({
    ...shared,
    method: 'get',
    path: '/readyz',
    summary: '200 when everything works, else 503 with the reasons',
    reply: readyOrNot,
    statuses: [200, 503],
    async handle({ setStatus }) {
      const reasons = await readiness.reasons();
      if (reasons.length > 0) setStatus(503);
      return { ready: reasons.length === 0, reasons };
    },
  });
}

function metricsRoute(metrics: SystemRouteServices['metrics']): Route {
  return bytesRoute({
    ...shared,
    method: 'get',
    path: '/metrics',
    summary: 'Figures for Prometheus',
    access: 'admin-or-loopback',
    contentTypes: ['text/plain'],
    async handle() {
      const bytes = Buffer.from(await metrics.text());
      return {
        contentType: metrics.contentType,
        chunks: [bytes],
        byteLength: bytes.length,
        headers: { 'cache-control': 'no-store' },
      };
    },
  });
}
