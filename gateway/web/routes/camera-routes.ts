import { z } from 'zod';
import { camera, cameraCheck, cameraCreate, cameraPatch } from '../../contract/camera.ts';
import type { Camera } from '../../contract/camera.ts';
import { id, page, pageQuery } from '../../contract/common.ts';
import type { CameraRecord } from '../../fleet/camera-record.ts';
import { roles } from '../access/roles.ts';
import { cameraView } from '../camera-view.ts';
import type { Route } from '../route.ts';
import { emptyRoute, jsonRoute } from '../route.ts';
import type { WebServices } from '../web-services.ts';
import { loaded } from './loaded.ts';
import { idParam } from './path-params.ts';

const tag = 'cameras';
const path = '/api/v1/cameras';
const one = {
  tag,
  path: `${path}/{id}`,
  params: idParam,
  scope: { in: 'camera', param: 'id', foreign: 'not-found' },
} as const;

const listQuery = z.strictObject({ ...pageQuery.shape, projectId: id.optional() });
const removeQuery = z.strictObject({
  records: z.enum(['keep', 'erase']).default('keep').describe('erase: its pictures, gaps and films go too'),
});

/** What camera routes need. */
export type CameraRouteServices = Pick<WebServices, 'cameras' | 'checks'> & {
  health: Pick<WebServices['health'], 'health'>;
  snapshots: Pick<WebServices['snapshots'], 'eraseRecords'>;
  timelapses: Pick<WebServices['timelapses'], 'eraseOf'>;
};

/** Registered cameras. */
export function cameraRoutes(services: CameraRouteServices): Route[] {
  return [...readingRoutes(services), ...writingRoutes(services), checkRoute(services)];
}

function viewer(services: CameraRouteServices): (record: CameraRecord) => Camera {
  return (record) => cameraView(record, services.health.health(record.id));
}

function readingRoutes(services: CameraRouteServices): Route[] {
  const view = viewer(services);
  return [
    jsonRoute({
      method: 'get',
      path,
      summary: 'Cameras that one may see',
      tag,
      access: roles.everyone,
      scope: { in: 'list' },
      query: listQuery,
      reply: page(camera),
      async handle({ query, principal }) {
        const found = await services.cameras.list({ ...query, projectIds: loaded(principal).projectIds });
        return { ...found, items: found.items.map(view) };
      },
    }),
    jsonRoute({
      ...one,
      method: 'get',
      summary: 'One camera',
      access: roles.everyone,
      reply: camera,
      handle: (context) => view(loaded(context.camera)),
    }),
  ];
}

function writingRoutes(services: CameraRouteServices): Route[] {
  const view = viewer(services);
  return [
    jsonRoute({
      method: 'post',
      path,
      summary: 'Register a camera, from ONVIF or by hand',
      tag,
      access: roles.technician,
      scope: { in: 'list' },
      body: cameraCreate,
      reply: camera,
      statuses: [201],
      handle: async ({ body }) => view(await services.cameras.create(body)),
    }),
    jsonRoute({
      ...one,
      method: 'patch',
      summary: 'Change a camera; a password left out stays',
      access: roles.technician,
      body: cameraPatch,
      reply: camera,
      handle: async ({ params, body }) => view(await services.cameras.patch(params.id, body)),
    }),
    emptyRoute({
      ...one,
      method: 'delete',
      summary: 'Remove a camera; its records stay unless they are erased',
      access: roles.technician,
      query: removeQuery,
      async handle({ params, query }) {
        await services.cameras.remove(params.id);
        if (query.records !== 'erase') return;
        await services.timelapses.eraseOf(params.id);
        await services.snapshots.eraseRecords(params.id);
      },
    }),
  ];
}

function checkRoute({ checks }: CameraRouteServices): Route {
  return jsonRoute({
    ...one,
    method: 'post',
    path: `${path}/{id}/check`,
    summary: 'Connect to the camera now, step by step',
    access: roles.technician,
    reply: cameraCheck,
    handle: ({ params }) => checks.check(params.id),
  });
}
