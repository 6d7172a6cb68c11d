import { importQuery, importResult } from '../../contract/camera-import.ts';
import { roles } from '../access/roles.ts';
import { sees } from '../access/principal.ts';
import type { Principal } from '../access/principal.ts';
import { bytesRoute, fileRoute } from '../route.ts';
import type { Payload, Route } from '../route.ts';
import type { WebServices } from '../web-services.ts';
import { loaded } from './loaded.ts';

const path = '/api/v1/cameras';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const MOST_FILE_BYTES = 8 * 1024 * 1024;
const shared = { tag: 'cameras', access: roles.technician, scope: { in: 'list' } } as const;

type Services = Pick<WebServices, 'rosters'>;

/** Cameras from and to spreadsheets. In the table before the routes of one camera, whose path would take these names for ids. */
export function cameraImportRoutes({ rosters }: Services): Route[] {
  return [
    fileRoute({
      ...shared,
      method: 'post',
      path: `${path}/import`,
      summary: 'Register the cameras of a spreadsheet (.xlsx, .csv); nothing is written when any row is bad',
      query: importQuery,
      file: { contentTypes: [XLSX, 'text/csv'], maxBytes: MOST_FILE_BYTES },
      reply: importResult,
      handle({ query, body, principal }) {
        const { id, projectIds } = loaded(principal);
        const { job, ...flags } = query;
        return rosters.import({ ...flags, file: body, projectIds, ownerId: id, jobId: job });
      },
    }),
    bytesRoute({
      ...shared,
      method: 'get',
      path: `${path}/export.xlsx`,
      summary: 'The cameras that one may see as a workbook, without passwords',
      contentTypes: [XLSX],
      handle: async ({ principal }) =>
        workbook('cameras.xlsx', await rosters.export(seenBy(loaded(principal)))),
    }),
    bytesRoute({
      ...shared,
      method: 'get',
      path: `${path}/import-template.xlsx`,
      summary: 'An empty workbook to fill in and import, with drop-downs',
      contentTypes: [XLSX],
      handle: async ({ principal }) =>
        workbook('cameras-template.xlsx', await rosters.template(seenBy(loaded(principal)))),
    }),
  ];
}

function seenBy(principal: Principal): (projectId: string) => boolean {
  return (projectId) => sees(principal, projectId);
}

function workbook(fileName: string, bytes: Uint8Array): Payload {
  return {
    contentType: XLSX,
    chunks: [bytes],
    byteLength: bytes.length,
    headers: {
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
    },
  };
}
