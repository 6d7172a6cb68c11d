import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { GatewayError } from '../../base/gateway-error.ts';
import { calendarDate, page } from '../../contract/common.ts';
import {
  evidenceDay,
  evidenceDayProof,
  evidenceExportQuery,
  recordVerdict,
} from '../../contract/evidence.ts';
import { roles } from '../access/roles.ts';

import type { Route } from '../route.ts';
import { bytesRoute, jsonRoute } from '../route.ts';
import type { WebCameras, WebEvidence, WebProjects } from '../web-services.ts';
import { loaded } from './loaded.ts';
import { idParam } from './path-params.ts';

const tag = 'evidence';
const shared = { tag, scope: { in: 'list' } } as const;

interface EvidenceRoutes {
  clock: Clock;
  cameras: WebCameras;
  projects: WebProjects;
  evidence: WebEvidence;
}

/** Proofs of the record: signed days, the key, bundles for others to check. */
export function evidenceRoutes(services: EvidenceRoutes): Route[] {
  return [...keyRoutes(services), ...dayRoutes(services), exportRoute(services)];
}

function keyRoutes({ evidence }: EvidenceRoutes): Route[] {
  return [
    bytesRoute({
      ...shared,
      method: 'get',
      path: '/api/v1/evidence/key',
      summary: 'The public key that checks the record’s signatures',
      access: roles.everyone,
      contentTypes: ['application/x-pem-file'],
      handle() {
        const pem = Buffer.from(evidence.publicKey);
        return { contentType: 'application/x-pem-file', chunks: [pem], byteLength: pem.length };
      },
    }),
    jsonRoute({
      ...shared,
      method: 'get',
      path: '/api/v1/evidence/verify',
      summary: 'Walk the whole record, removed cameras and signed days included',
      access: roles.admin,
      reply: recordVerdict,
      handle: () => evidence.verifyAll(),
    }),
  ];
}

function dayRoutes({ evidence, cameras }: EvidenceRoutes): Route[] {
  return [
    jsonRoute({
      ...shared,
      method: 'get',
      path: '/api/v1/evidence',
      summary: 'All closed days, the oldest first',
      access: roles.everyone,
      reply: page(evidenceDay),
      handle: async () => ({ items: await evidence.days(), nextCursor: null }),
    }),
    jsonRoute({
      ...shared,
      method: 'get',
      path: '/api/v1/evidence/{date}',
      summary: 'A closed day with the leaves of the cameras that the caller sees and their way to the root',
      access: roles.everyone,
      params: z.strictObject({ date: calendarDate }),
      reply: evidenceDayProof,
      async handle({ params, principal }) {
        const { projectIds } = loaded(principal ?? undefined);
        const day = await evidence.day(params.date, (cameraId) => {
          const camera = cameras.get(cameraId);
          return projectIds === null || (camera !== undefined && projectIds.includes(camera.projectId));
        });
        if (day) return day;
        throw new GatewayError(
          'not-found',
          `${params.date} is not closed: days are closed at their end, while the gateway runs or at its next start`,
        );
      },
    }),
  ];
}

function exportRoute({ clock, projects, evidence }: EvidenceRoutes): Route {
  return bytesRoute({
    tag,
    method: 'get',
    path: '/api/v1/cameras/{id}/snapshots/export.zip',
    summary: 'Pictures with all that a machine without Gantry needs to check them',
    access: roles.staff,
    scope: { in: 'camera', param: 'id', foreign: 'not-found' },
    params: idParam,
    query: evidenceExportQuery,
    contentTypes: ['application/zip'],
    async handle({ params, query, camera }) {
      const chunks = await evidence.export({
        cameraId: params.id,
        cameraName: camera?.name ?? params.id,
        projectName: projects.get(camera?.projectId ?? '')?.name ?? '',
        fromMs: query.from === undefined ? 0 : Date.parse(query.from),
        toMs: query.to === undefined ? clock.now() + 1 : Date.parse(query.to),
      });
      const name = `evidence-${params.id}.zip`;
      return {
        contentType: 'application/zip',
        chunks,
        byteLength: null,
        headers: {
          'content-disposition': `attachment; filename="${name}"`,
          'cache-control': 'private, no-store',
        },
      };
    },
  });
}
