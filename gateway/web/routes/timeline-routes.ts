import { snapshot } from '../../contract/snapshot.ts';
import {
  comparisonQuery,
  indexQuery,
  pictureComparison,
  sheetParams,
  sheetQuery,
  snapshotIndex,
  snapshotPatch,
  thumbSheet,
} from '../../contract/timeline.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import { sees } from '../access/principal.ts';
import type { Principal } from '../access/principal.ts';
import { roles } from '../access/roles.ts';
import { encodedText } from '../encoded-text.ts';
import type { Route } from '../route.ts';
import { bytesRoute, jsonRoute } from '../route.ts';
import type { WebCameras, WebSnapshots, WebTimeline } from '../web-services.ts';
import { loaded } from './loaded.ts';
import { idParam } from './path-params.ts';

const YEAR_SEC = 31_536_000;
const tag = 'snapshots';
const path = '/api/v1/cameras/{id}/snapshots';
const ofCamera = { tag, scope: { in: 'camera', param: 'id', foreign: 'not-found' } } as const;

/** What the timeline needs of its neighbours. */
export interface TimelineRoutesOptions {
  timeline: WebTimeline;
  snapshots: Pick<WebSnapshots, 'get'>;
  cameras: Pick<WebCameras, 'get'>;
}

/** The record as the timeline page reads and annotates it. */
export function timelineRoutes(options: TimelineRoutesOptions): Route[] {
  const { timeline } = options;
  // `compare` goes before the path that takes any id.
  return [indexRoute(timeline), ...sheetRoutes(timeline), compareRoute(options), annotateRoute(timeline)];
}

function indexRoute(timeline: WebTimeline): Route {
  return bytesRoute({
    ...ofCamera,
    method: 'get',
    path: `${path}/index`,
    summary: 'All pictures of a camera in one compact list: id, time, verdict, luminance, flags',
    access: roles.everyone,
    params: idParam,
    query: indexQuery,
    contentTypes: ['application/json'],
    documents: snapshotIndex,
    async handle({ params, query, headers }) {
      const accepted = headers['accept-encoding'] ?? '';
      const text = await timeline.index(params.id, query);
      return encodedText(text, 'application/json; charset=utf-8', accepted);
    },
  });
}

function sheetRoutes(timeline: WebTimeline): Route[] {
  return [
    // Before the description: express would take `2026-11-20.webp` for a date.
    bytesRoute({
      ...ofCamera,
      method: 'get',
      path: `${path}/sheets/{date}.webp`,
      summary: 'Thumbnails of a day (96 a page), or of a month with one picture a day, in one picture',
      access: roles.everyone,
      params: sheetParams,
      query: sheetQuery,
      contentTypes: ['image/webp'],
      async handle({ params, query }) {
        const wish = { cameraId: params.id, date: params.date, page: query.page, hour: query.hour };
        const { bytes, version } = await timeline.sheetPicture(wish);
        const lasting = query.version === version ? `max-age=${YEAR_SEC}, immutable` : 'no-cache';
        return {
          contentType: 'image/webp',
          chunks: [bytes],
          byteLength: bytes.length,
          etag: version,
          headers: { 'cache-control': `private, ${lasting}`, vary: 'Cookie' },
        };
      },
    }),
    jsonRoute({
      ...ofCamera,
      method: 'get',
      path: `${path}/sheets/{date}`,
      summary: 'Which picture stands where on the sheet of thumbnails',
      access: roles.everyone,
      params: sheetParams,
      query: sheetQuery,
      reply: thumbSheet,
      handle: ({ params, query }) =>
        timeline.sheet({ cameraId: params.id, date: params.date, page: query.page, hour: query.hour }),
    }),
  ];
}

function annotateRoute(timeline: WebTimeline): Route {
  return jsonRoute({
    tag,
    method: 'patch',
    path: '/api/v1/snapshots/{id}',
    summary: 'Change a picture’s note, step or pick for the brief; the picture and its hashes never change',
    access: roles.staff,
    scope: { in: 'snapshot', param: 'id' },
    params: idParam,
    body: snapshotPatch,
    reply: snapshot,
    handle: ({ params, body }) => timeline.annotate(params.id, body),
  });
}

function compareRoute({ timeline, snapshots, cameras }: TimelineRoutesOptions): Route {
  const require = async (id: string, principal: Principal): Promise<void> => {
    const found = await snapshots.get(id);
    const projectId = found && cameras.get(found.cameraId)?.projectId;
    const visible = found && (principal.projectIds === null || (projectId && sees(principal, projectId)));
    if (!visible) throw new GatewayError('not-found', `there is no snapshot ${id}`);
  };
  return jsonRoute({
    tag,
    method: 'get',
    path: '/api/v1/snapshots/compare',
    summary: 'How the view of the right picture has moved against the left one, and how alike they are',
    access: roles.everyone,
    scope: { in: 'list' },
    query: comparisonQuery,
    reply: pictureComparison,
    async handle({ query, principal }) {
      for (const id of [query.left, query.right]) await require(id, loaded(principal));
      return timeline.compare(query.left, query.right);
    },
  });
}
