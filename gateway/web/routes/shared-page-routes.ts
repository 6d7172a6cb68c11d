import { z } from 'zod';
import { toRfc3339 } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import { shareInfo } from '../../contract/share.ts';
import type { ShareInfo, ShareTarget } from '../../contract/share.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import type { CameraRecord } from '../../fleet/camera-record.ts';
import type { OpenShare, Shares } from '../access/shares.ts';
import type { Route } from '../route.ts';
import { bytesRoute, jsonRoute } from '../route.ts';
import type { WebServices } from '../web-services.ts';
import { loaded } from './loaded.ts';

const tag = 'shares';
const secretParam = { secret: z.string().max(200) };
const params = z.strictObject(secretParam);
const noStore = { 'cache-control': 'no-store' };

/** What the pages behind links need. */
export interface SharedPageServices {
  shares: Pick<Shares, 'open' | 'countView'>;
  cameras: Pick<WebServices['cameras'], 'get'>;
  projects: Pick<WebServices['projects'], 'get'>;
  snapshots: Pick<WebServices['snapshots'], 'get' | 'image'>;
  clock: Clock;
  timeZone: string;
  /** The built page, the same for every link; null while the viewer is not built. */
  sharePage: () => Promise<Buffer | null>;
}

/** The page behind a link, what it shows, and the two pictures; its live pictures are with the live routes. */
export function sharedPageRoutes(services: SharedPageServices): Route[] {
  return [pageRoute(services), infoRoute(services), pictureRoute(services)];
}

/** The page is the same for good links and for those that have ended, which it learns from `info`. */
function pageRoute({ shares, sharePage }: SharedPageServices): Route {
  return bytesRoute({
    tag,
    method: 'get',
    path: '/s/{secret}',
    summary: 'The page behind a share link',
    access: 'public',
    scope: { in: 'nothing' },
    params,
    query: z.object({}),
    contentTypes: ['text/html'],
    async handle({ params: { secret }, address, setStatus }) {
      const share = await shares.open(secret);
      const html = await sharePage();
      if (!html) throw new GatewayError('not-found', 'the pages are not built on this gateway');
      if (share) await shares.countView(share, address);
      else setStatus(404);
      return {
        contentType: 'text/html; charset=utf-8',
        chunks: [html],
        byteLength: html.length,
        headers: noStore,
      };
    },
  });
}

function infoRoute(services: SharedPageServices): Route {
  return jsonRoute({
    tag,
    method: 'get',
    path: '/s/{secret}/info',
    summary: 'What a share link shows',
    access: 'public',
    scope: { in: 'share', param: 'secret', kind: 'any' },
    params,
    reply: shareInfo,
    handle: (context) => infoOf(services, loaded(context.share), context.camera),
  });
}

async function infoOf(
  { clock, timeZone, projects, cameras, snapshots }: SharedPageServices,
  { target, expiresAtMs }: OpenShare,
  camera: CameraRecord | undefined,
): Promise<ShareInfo> {
  const times = { timeZone, now: toRfc3339(clock.now()), expiresAt: toRfc3339(expiresAtMs) };
  if (target.kind === 'live') {
    const { projectId, name, enabled, main, sub, rtsp } = loaded(camera);
    const projectName = projects.get(projectId)?.name ?? '';
    return {
      kind: 'live',
      ...times,
      projectName,
      cameraName: name,
      enabled,
      main,
      sub,
      hasSub: rtsp.sub !== null,
    };
  }
  const left = await pictureOf(snapshots, target, 'left');
  const right = await pictureOf(snapshots, target, 'right');
  const shown = ({ cameraId, takenAt, width, height }: Snapshot) => ({
    takenAt,
    width,
    height,
    cameraName: cameras.get(cameraId)?.name ?? '',
  });
  const projectName = projects.get(cameras.get(left.cameraId)?.projectId ?? '')?.name ?? '';
  return { kind: 'pair', ...times, projectName, left: shown(left), right: shown(right) };
}

function pictureRoute({ snapshots }: SharedPageServices): Route {
  return bytesRoute({
    tag,
    method: 'get',
    path: '/s/{secret}/picture/{side}',
    summary: 'One of the two pictures of a share link',
    access: 'public',
    scope: { in: 'share', param: 'secret', kind: 'pair' },
    params: z.strictObject({ ...secretParam, side: z.enum(['left', 'right']) }),
    query: z.object({}),
    contentTypes: ['image/jpeg', 'image/webp', 'image/avif'],
    async handle({ params: { side }, headers, ...context }) {
      const { id } = await pictureOf(snapshots, loaded(context.share).target, side);
      const wish = { size: 'large', watermark: '0' } as const;
      const { bytes, contentType } = await snapshots.image(id, wish, headers.accept ?? '');
      return {
        contentType,
        chunks: [bytes],
        byteLength: bytes.length,
        headers: { ...noStore, vary: 'Accept' },
      };
    },
  });
}

async function pictureOf(
  snapshots: Pick<WebServices['snapshots'], 'get'>,
  target: ShareTarget,
  side: 'left' | 'right',
): Promise<Snapshot> {
  const id = target.kind === 'pair' ? (side === 'left' ? target.leftId : target.rightId) : undefined;
  const snapshot = id === undefined ? undefined : await snapshots.get(id);
  if (!snapshot) throw new GatewayError('not-found', 'this link has ended or was withdrawn');
  return snapshot;
}
