import { page } from '../../contract/common.ts';
import {
  calendarQuery,
  chainVerdict,
  gapQuery,
  imageQuery,
  snapshot,
  snapshotCalendar,
  snapshotGap,
  snapshotQuery,
} from '../../contract/snapshot.ts';
import { roles } from '../access/roles.ts';
import type { Route } from '../route.ts';
import { bytesRoute, jsonRoute } from '../route.ts';
import type { WebSnapshots } from '../web-services.ts';
import { loaded } from './loaded.ts';
import { idParam } from './path-params.ts';

const YEAR_SEC = 31_536_000;
const GAP_SPAN_MS = 31 * 86_400_000;
const tag = 'snapshots';
const path = '/api/v1/cameras/{id}/snapshots';
const ofCamera = {
  tag,
  params: idParam,
  scope: { in: 'camera', param: 'id', foreign: 'not-found' },
} as const;

/** The record of progress. */
export function snapshotRoutes(snapshots: WebSnapshots): Route[] {
  return [...recordRoutes(snapshots), ...proofRoutes(snapshots), imageRoute(snapshots)];
}

function recordRoutes(snapshots: WebSnapshots): Route[] {
  return [
    jsonRoute({
      ...ofCamera,
      method: 'post',
      path,
      summary: 'Take a picture now',
      access: roles.technicianOrStaff,
      reply: snapshot,
      statuses: [201],
      handle: ({ params }) => snapshots.takeNow(params.id),
    }),
    jsonRoute({
      ...ofCamera,
      method: 'get',
      path,
      summary: 'Pictures of a camera; `every` thins them to one a period',
      access: roles.everyone,
      query: snapshotQuery,
      reply: page(snapshot),
      handle: ({ params, query }) => snapshots.list(params.id, query),
    }),
  ];
}

/** Whether the record is complete and untampered. */
function proofRoutes(snapshots: WebSnapshots): Route[] {
  return [
    jsonRoute({
      ...ofCamera,
      method: 'get',
      path: `${path}/calendar`,
      summary: 'Pictures expected, taken and missed by day',
      access: roles.everyone,
      query: calendarQuery,
      reply: snapshotCalendar,
      handle: ({ params, query }) => snapshots.calendar(params.id, query.month),
    }),
    jsonRoute({
      ...ofCamera,
      method: 'get',
      path: `${path}/gaps`,
      summary:
        'Slots of the schedule that ended without a picture, with their reasons; the last 31 days where not said',
      access: roles.everyone,
      query: gapQuery,
      reply: page(snapshotGap),
      async handle({ params, query }) {
        const toMs = query.to === undefined ? Date.now() : Date.parse(query.to);
        const fromMs = query.from === undefined ? toMs - GAP_SPAN_MS : Date.parse(query.from);
        return { items: await snapshots.gaps(params.id, fromMs, toMs), nextCursor: null };
      },
    }),
    jsonRoute({
      ...ofCamera,
      method: 'get',
      path: `${path}/verify`,
      summary: 'Walk the chain of pictures and say whether it is whole',
      access: roles.staff,
      reply: chainVerdict,
      handle: ({ params }) => snapshots.verify(params.id),
    }),
  ];
}

function imageRoute(snapshots: WebSnapshots): Route {
  return bytesRoute({
    tag,
    method: 'get',
    path: '/api/v1/snapshots/{id}/image',
    summary: 'The picture; its original bytes for size=full without watermark',
    access: roles.everyone,
    scope: { in: 'snapshot', param: 'id' },
    params: idParam,
    query: imageQuery,
    contentTypes: ['image/jpeg', 'image/webp', 'image/avif'],
    async handle({ params, query, headers, ...context }) {
      const { sha256 } = loaded(context.snapshot);
      const { bytes, contentType } = await snapshots.image(params.id, query, headers.accept ?? '');
      return {
        contentType,
        chunks: [bytes],
        byteLength: bytes.length,
        etag: `${sha256.slice(0, 32)}-${query.size}-${contentType.replace('image/', '')}-${query.watermark}`,
        headers: { 'cache-control': `private, max-age=${YEAR_SEC}, immutable`, vary: 'Accept, Cookie' },
      };
    },
  });
}
