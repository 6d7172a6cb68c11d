import { GatewayError } from '../../base/gateway-error.ts';
import { page } from '../../contract/common.ts';
import { timelapse, timelapseCreate, timelapseQuery, timelapseStarted } from '../../contract/timelapse.ts';
import type { Timelapse } from '../../contract/timelapse.ts';
import { sees } from '../access/principal.ts';
import type { Principal } from '../access/principal.ts';
import { roles } from '../access/roles.ts';
import type { Route } from '../route.ts';
import { bytesRoute, emptyRoute, jsonRoute } from '../route.ts';
import type { WebServices } from '../web-services.ts';
import { loaded } from './loaded.ts';
import { idParam } from './path-params.ts';

const path = '/api/v1/timelapses';
const shared = { tag: 'timelapses', scope: { in: 'list' } } as const;
const one = { ...shared, path: `${path}/{id}`, params: idParam } as const;

/** What time-lapse routes need. */
export interface TimelapseRouteServices {
  timelapses: WebServices['timelapses'];
  cameras: Pick<WebServices['cameras'], 'get' | 'all'>;
}

/** Films made of a camera's record; each is seen by those who see the camera. */
export function timelapseRoutes(services: TimelapseRouteServices): Route[] {
  return [...listRoutes(services), ...itemRoutes(services), videoRoute(services)];
}

function listRoutes({ timelapses, cameras }: TimelapseRouteServices): Route[] {
  return [
    jsonRoute({
      ...shared,
      method: 'post',
      path,
      summary: 'Make a film of a range of pictures; it is made when those before it are done',
      access: roles.staff,
      body: timelapseCreate,
      reply: timelapseStarted,
      statuses: [202],
      async handle({ body, principal }) {
        const camera = cameras.get(body.cameraId);
        if (!camera || !sees(loaded(principal), camera.projectId))
          throw new GatewayError('not-found', `there is no camera ${body.cameraId}`);
        return { id: await timelapses.create(body) };
      },
    }),
    jsonRoute({
      ...shared,
      method: 'get',
      path,
      summary: 'Films of the cameras that one may see, newest first',
      access: roles.everyone,
      query: timelapseQuery,
      reply: page(timelapse),
      async handle({ query, principal }) {
        const seen = visibleCameras(loaded(principal), cameras, query.cameraId);
        return timelapses.list(seen, query.limit, query.cursor);
      },
    }),
  ];
}

/** Ids of cameras to list for; null means all, those no longer registered too. */
function visibleCameras(
  principal: Principal,
  cameras: TimelapseRouteServices['cameras'],
  wanted: string | undefined,
): readonly string[] | null {
  if (principal.projectIds === null) return wanted === undefined ? null : [wanted];
  return cameras
    .all()
    .filter(({ id, projectId }) => sees(principal, projectId) && (wanted === undefined || id === wanted))
    .map(({ id }) => id);
}

function itemRoutes(services: TimelapseRouteServices): Route[] {
  return [
    jsonRoute({
      ...one,
      method: 'get',
      summary: 'How a film stands',
      access: roles.everyone,
      reply: timelapse,
      handle: ({ params, principal }) => visible(services, loaded(principal), params.id),
    }),
    emptyRoute({
      ...one,
      method: 'delete',
      summary: 'Cancel a film that waits or is being made, or remove one that is finished',
      access: roles.staff,
      async handle({ params, principal }) {
        await visible(services, loaded(principal), params.id);
        await services.timelapses.remove(params.id);
      },
    }),
  ];
}

function videoRoute(services: TimelapseRouteServices): Route {
  return bytesRoute({
    ...one,
    method: 'get',
    path: `${path}/{id}/video.mp4`,
    summary: 'The film: MP4, with range requests',
    access: roles.everyone,
    contentTypes: ['video/mp4'],
    async handle({ params, principal }) {
      const film = await visible(services, loaded(principal), params.id);
      const video = await services.timelapses.video(film.id);
      if (!video) throw new GatewayError('not-found', 'this film is not made yet');
      const { byteLength } = video;
      return {
        contentType: 'video/mp4',
        chunks: [],
        byteLength,
        range: (start, end) => video.read(start, end),
        etag: `${film.id}-${byteLength}`,
        headers: {
          'cache-control': 'private, max-age=86400',
          vary: 'Cookie',
          'content-disposition': `inline; filename="timelapse-${film.from.slice(0, 10)}-${film.to.slice(0, 10)}.mp4"`,
        },
      };
    },
  });
}

/** Throws `not-found` for films of cameras that the principal does not see; those of removed cameras are the admins'. */
async function visible(
  { timelapses, cameras }: TimelapseRouteServices,
  principal: Principal,
  id: string,
): Promise<Timelapse> {
  const film = await timelapses.get(id);
  const camera = film && cameras.get(film.cameraId);
  if (film && (principal.projectIds === null || (camera && sees(principal, camera.projectId)))) return film;
  throw new GatewayError('not-found', `there is no time-lapse ${id}`);
}
