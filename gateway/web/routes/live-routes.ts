import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { GatewayError, isGatewayError, messageOf } from '../../base/gateway-error.ts';
import type { Logger } from '../../base/logger.ts';
import { id } from '../../contract/common.ts';
import { rendition } from '../../contract/live.ts';
import { roles } from '../access/roles.ts';
import { LiveChannels } from '../live-channels.ts';
import { closeReason, liveSocket } from '../live-socket.ts';
import { problemReply } from '../problem.ts';
import type { Payload, Route } from '../route.ts';
import { bytesRoute, socketRoute } from '../route.ts';
import type { WebServices } from '../web-services.ts';
import { loaded } from './loaded.ts';

const PLAYLIST = 'application/vnd.apple.mpegurl';
const shared = {
  tag: 'live',
  access: roles.everyone,
  // Whoever asks for a live picture knows the camera's id from somewhere: 403 tells them whom to ask.
  scope: { in: 'camera', param: 'cameraId', foreign: 'forbidden' },
} as const;

const cameraParam = z.strictObject({ cameraId: id });
const renditionParams = z.strictObject({ cameraId: id, rendition });
const fileParams = z.strictObject({
  ...renditionParams.shape,
  file: z.string().regex(/^[A-Za-z0-9_-]{1,80}\.(?:mp4|m4s)$/, 'the name of a segment'),
});

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
  clock: Clock;
  logger: Logger;
}

/** Live pictures over HLS and WebSocket, and the newest still. */
export function liveRoutes(services: LiveRouteServices): Route[] {
  return [
    ...playlistRoutes(services),
    posterRoute(services),
    socket(services),
    channelsSocket(services),
    fileRoute(services),
  ];
}

function playlistRoutes({ live }: LiveRouteServices): Route[] {
  return [
    bytesRoute({
      ...shared,
      method: 'get',
      path: '/live/{cameraId}/index.m3u8',
      summary: 'Multivariant HLS playlist',
      params: cameraParam,
      query: z.object({}),
      contentTypes: [PLAYLIST],
      handle: async ({ params }) => playlist(await live.multivariant(params.cameraId)),
    }),
    bytesRoute({
      ...shared,
      method: 'get',
      path: '/live/{cameraId}/{rendition}/stream.m3u8',
      summary: 'HLS media playlist, with blocking reload and delta updates',
      params: renditionParams,
      query: playlistQuery,
      contentTypes: [PLAYLIST],
      async handle({ params, query }) {
        const { _HLS_msn: msn, _HLS_part: part, _HLS_skip: skip } = query;
        if (part !== undefined && msn === undefined)
          throw new GatewayError('bad-request', 'query._HLS_part: give _HLS_msn with it');
        const text = await live.playlist(params.cameraId, params.rendition, {
          msn,
          part,
          skip: skip !== undefined,
        });
        return playlist(text);
      },
    }),
  ];
}

function playlist(text: string): Payload {
  const bytes = Buffer.from(text);
  return {
    contentType: PLAYLIST,
    chunks: [bytes],
    byteLength: bytes.length,
    headers: { 'cache-control': 'no-store' },
  };
}

function fileRoute({ live }: LiveRouteServices): Route {
  return bytesRoute({
    ...shared,
    method: 'get',
    path: '/live/{cameraId}/{rendition}/{file}',
    summary: 'Init segment, segment or part of an HLS playlist',
    params: fileParams,
    query: z.object({}),
    contentTypes: ['video/mp4', 'video/iso.segment'],
    async handle({ params }) {
      const { contentType, chunks, byteLength, maxAgeSec, release } = await live.file(
        params.cameraId,
        params.rendition,
        params.file,
      );
      return {
        contentType,
        chunks,
        byteLength,
        release,
        headers: { 'cache-control': `private, max-age=${maxAgeSec}`, vary: 'Cookie' },
      };
    },
  });
}

function posterRoute({ snapshots, clock }: LiveRouteServices): Route {
  return bytesRoute({
    ...shared,
    method: 'get',
    path: '/live/{cameraId}/poster.jpg',
    summary: 'The newest picture, its time in Last-Modified and its age in seconds in X-Picture-Age',
    params: cameraParam,
    query: z.object({}),
    contentTypes: ['image/jpeg'],
    async handle({ params }) {
      const poster = await snapshots.poster(params.cameraId);
      if (!poster) throw new GatewayError('no-picture', 'there is no picture of this camera yet');
      const ageSec = Math.max(0, Math.round((clock.now() - poster.takenAtMs) / 1000));
      return {
        contentType: 'image/jpeg',
        chunks: [poster.jpeg],
        byteLength: poster.jpeg.length,
        modifiedAtMs: poster.takenAtMs,
        headers: { 'cache-control': 'private, no-cache', 'x-picture-age': String(ageSec) },
      };
    },
  });
}

function socket({ live, logger }: LiveRouteServices): Route {
  return socketRoute({
    ...shared,
    path: '/live/{cameraId}/{rendition}/ws',
    summary: 'Live over WebSocket: a text message with MIME type and timescale, then fragments of fMP4',
    params: renditionParams,
    open({ params }, webSocket) {
      try {
        const connection = live.open(params.cameraId, params.rendition, liveSocket(webSocket));
        webSocket.on('close', () => connection.close());
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
    open: ({ principal }, webSocket) => new LiveChannels(services, webSocket, loaded(principal)).start(),
  });
}
