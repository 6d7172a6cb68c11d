import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { GatewayError, isGatewayError, messageOf } from '../../base/gateway-error.ts';
import type { Logger } from '../../base/logger.ts';
import { id } from '../../contract/common.ts';
import { rendition } from '../../contract/live.ts';
import { auditActor } from '../access/audit-actor.ts';
import type { AuditViewings, Viewer } from '../access/audit-viewings.ts';
import { roles } from '../access/roles.ts';
import { LiveChannels } from '../live-channels.ts';
import { closeReason, liveSocket } from '../live-socket.ts';
import { problemReply } from '../problem.ts';
import type { AnyContext, Route, RouteScope } from '../route.ts';
import { bytesRoute, socketRoute } from '../route.ts';
import type { WebServices } from '../web-services.ts';
import { loaded } from './loaded.ts';
import { PLAYLIST_TYPE, playlistPayload, reloadedPlaylistPayload } from './playlist-payload.ts';

/** Where a camera's live pictures stand; its scope loads the camera. */
interface LivePlace {
  path: string;
  access: typeof roles.everyone | 'public';
  scope: RouteScope;
  /** Fields of the path, read by the scope alone. */
  params: { cameraId: z.ZodString } | { secret: z.ZodString };
  /** False where nothing may be kept on the way. */
  cached: boolean;
}

const ofCameras: LivePlace = {
  path: '/live/{cameraId}',
  access: roles.everyone,
  // Whoever asks for a live picture knows the camera's id from somewhere: 403 tells them whom to ask.
  scope: { in: 'camera', param: 'cameraId', foreign: 'forbidden' },
  params: { cameraId: id },
  cached: true,
};
const ofShares: LivePlace = {
  path: '/s/{secret}/live',
  access: 'public',
  scope: { in: 'share', param: 'secret', kind: 'live' },
  params: { secret: z.string().max(200) },
  cached: false,
};

const renditionParam = { rendition };
const fileParam = {
  ...renditionParam,
  file: z.string().regex(/^[A-Za-z0-9_-]{1,80}\.(?:mp4|m4s)$/, 'the name of a segment'),
};

const place = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
/** Delivery directives of RFC 8216bis section 6.2.5; those unknown are to be ignored. */
const playlistQuery = z.object({
  _HLS_msn: place.describe('Wait for this media sequence number'),
  _HLS_part: place.describe('… and this part of it'),
  _HLS_skip: z.enum(['YES', 'v2']).optional().describe('Leave out what the client has'),
});

/** What live routes need. */
export interface LiveRouteServices {
  live: WebServices['live'];
  cameras: Pick<WebServices['cameras'], 'get'>;
  snapshots: Pick<WebServices['snapshots'], 'poster'>;
  viewings: Pick<AuditViewings, 'open' | 'touch'>;
  clock: Clock;
  logger: Logger;
}

/** Live pictures over HLS and WebSocket, and the newest still. */
export function liveRoutes(services: LiveRouteServices): Route[] {
  return [...placedRoutes(ofCameras, services), channelsSocket(services)];
}

/** The same for whoever holds a share link to one camera's live view. */
export function sharedLiveRoutes(services: LiveRouteServices): Route[] {
  return placedRoutes(ofShares, services);
}

function placedRoutes(place: LivePlace, services: LiveRouteServices): Route[] {
  return [
    ...playlistRoutes(place, services),
    posterRoute(place, services),
    socket(place, services),
    fileRoute(place, services),
  ];
}

/** What a place's routes have in common. */
function sharedOf({ access, scope }: LivePlace) {
  return { tag: 'live', access, scope } as const;
}

/** Who watches, for the audit. */
function viewerOf({
  principal,
  address,
  camera,
}: Pick<AnyContext, 'principal' | 'address' | 'camera'>): Viewer {
  const sessionId = principal?.sessionId ?? null;
  return { actor: auditActor(principal), sessionId, address, camera: loaded(camera) };
}

function playlistRoutes(place: LivePlace, { live, viewings }: LiveRouteServices): Route[] {
  const shared = sharedOf(place);
  return [
    bytesRoute({
      ...shared,
      method: 'get',
      path: `${place.path}/index.m3u8`,
      summary: 'Multivariant HLS playlist',
      params: z.strictObject(place.params),
      query: z.object({}),
      contentTypes: [PLAYLIST_TYPE],
      handle: async ({ camera }) => playlistPayload(await live.multivariant(loaded(camera).id)),
    }),
    bytesRoute({
      ...shared,
      method: 'get',
      path: `${place.path}/{rendition}/stream.m3u8`,
      summary: 'HLS media playlist, with blocking reload and delta updates',
      params: z.strictObject({ ...place.params, ...renditionParam }),
      query: playlistQuery,
      contentTypes: [PLAYLIST_TYPE],
      async handle({ params, query, headers, ...context }) {
        const { _HLS_msn: msn, _HLS_part: part, _HLS_skip: skip } = query;
        if (part !== undefined && msn === undefined)
          throw new GatewayError('bad-request', 'query._HLS_part: give _HLS_msn with it');
        const text = await live.playlist(loaded(context.camera).id, params.rendition, {
          msn,
          part,
          skip: skip !== undefined,
        });
        viewings.touch(viewerOf(context));
        const isReload = msn !== undefined || skip !== undefined;
        return isReload ? reloadedPlaylistPayload(text, headers['accept-encoding']) : playlistPayload(text);
      },
    }),
  ];
}

function fileRoute(place: LivePlace, { live, viewings }: LiveRouteServices): Route {
  return bytesRoute({
    ...sharedOf(place),
    method: 'get',
    path: `${place.path}/{rendition}/{file}`,
    summary: 'Init segment, segment or part of an HLS playlist',
    params: z.strictObject({ ...place.params, ...fileParam }),
    query: z.object({}),
    contentTypes: ['video/mp4', 'video/iso.segment'],
    async handle({ params, ...context }) {
      const { contentType, chunks, byteLength, maxAgeSec, release } = await live.file(
        loaded(context.camera).id,
        params.rendition,
        params.file,
      );
      viewings.touch(viewerOf(context));
      const kept = place.cached ? `private, max-age=${maxAgeSec}` : 'no-store';
      return {
        contentType,
        chunks,
        byteLength,
        release,
        // A name never stands for other bytes.
        etag: params.file,
        headers: { 'cache-control': kept, vary: 'Cookie' },
      };
    },
  });
}

function posterRoute(place: LivePlace, { snapshots, clock }: LiveRouteServices): Route {
  return bytesRoute({
    ...sharedOf(place),
    method: 'get',
    path: `${place.path}/poster.jpg`,
    summary: 'The newest picture, its time in Last-Modified and its age in seconds in X-Picture-Age',
    params: z.strictObject(place.params),
    query: z.object({}),
    contentTypes: ['image/jpeg'],
    async handle({ camera }) {
      const poster = await snapshots.poster(loaded(camera).id);
      if (!poster) throw new GatewayError('no-picture', 'there is no picture of this camera yet');
      const ageSec = Math.max(0, Math.round((clock.now() - poster.takenAtMs) / 1000));
      return {
        contentType: 'image/jpeg',
        chunks: [poster.jpeg],
        byteLength: poster.jpeg.length,
        modifiedAtMs: poster.takenAtMs,
        headers: {
          'cache-control': place.cached ? 'private, no-cache' : 'no-store',
          'x-picture-age': String(ageSec),
        },
      };
    },
  });
}

function socket(place: LivePlace, { live, logger, viewings }: LiveRouteServices): Route {
  return socketRoute({
    ...sharedOf(place),
    path: `${place.path}/{rendition}/ws`,
    summary: 'Live over WebSocket: a text message with MIME type and timescale, then fragments of fMP4',
    params: z.strictObject({ ...place.params, ...renditionParam }),
    open({ params, ...context }, webSocket) {
      try {
        const cameraId = loaded(context.camera).id;
        const connection = live.open(cameraId, params.rendition, liveSocket(webSocket));
        const watched = viewings.open(viewerOf(context));
        webSocket.on('close', () => {
          connection.close();
          watched();
        });
      } catch (error) {
        if (!isGatewayError(error))
          logger.error({ err: error }, `a live connection failed: ${messageOf(error)}`);
        // 4404 for 404 and so on: the code that the same request over HTTP would get.
        const { status, body } = problemReply(error);
        webSocket.close(4000 + status, closeReason(`${body.code}: ${body.detail}`));
      }
    },
  });
}

function channelsSocket(services: LiveRouteServices): Route {
  return socketRoute({
    path: '/live/ws',
    summary: 'Live of many cameras over one WebSocket: subscribe to channels, each permitted by itself',
    tag: 'live',
    access: roles.everyone,
    scope: { in: 'list' },
    open: ({ principal, address }, webSocket) =>
      new LiveChannels(services, webSocket, { principal: loaded(principal), address }).start(),
  });
}
