import type { ClockSet, PtzOrder, PtzState } from '../../gateway/contract/camera-control.ts';
import type { ImportResult, ImportRow } from '../../gateway/contract/camera-import.ts';
import type {
  CredentialSet,
  CredentialSetCreate,
  CredentialSetPatch,
} from '../../gateway/contract/credential-set.ts';
import type { Camera, CameraCheck, CameraCheckRequest, CameraPatch } from '../../gateway/contract/camera.ts';
import type { Page } from '../../gateway/contract/common.ts';
import { ApiError } from './api-error.ts';
import { request } from './request.ts';

const V1 = '/api/v1';
const seg = encodeURIComponent;
/** The gateway speaks with the camera before it answers; a slow camera takes its time. */
const DEVICE_MS = 45_000;
/** A roster of thousands is read and written in one go. */
const IMPORT_MS = 600_000;

function one(cameraId: string): string {
  return `${V1}/cameras/${seg(cameraId)}`;
}

/** What technicians ask of the gateway: sign-ins, checks, movements, rosters; every call throws ApiError when it does not succeed. */
export const deviceGateway = {
  credentialSets: async () =>
    (await request<Page<CredentialSet>>('GET', `${V1}/credential-sets?limit=1000`)).items,
  createCredentialSet: (body: CredentialSetCreate) =>
    request<CredentialSet>('POST', `${V1}/credential-sets`, { body }),
  changeCredentialSet: (id: string, body: CredentialSetPatch) =>
    request<CredentialSet>('PATCH', `${V1}/credential-sets/${seg(id)}`, { body }),
  removeCredentialSet: (id: string) => request<void>('DELETE', `${V1}/credential-sets/${seg(id)}`),

  checkDraft: (body: CameraCheckRequest) =>
    request<CameraCheck>('POST', `${V1}/camera-checks`, { body, deadlineMs: DEVICE_MS }),
  check: (cameraId: string) =>
    request<CameraCheck>('POST', `${one(cameraId)}/check`, { deadlineMs: DEVICE_MS }),
  setClock: (cameraId: string) =>
    request<ClockSet>('POST', `${one(cameraId)}/clock`, { deadlineMs: DEVICE_MS }),
  ptz: (cameraId: string) => request<PtzState>('GET', `${one(cameraId)}/ptz`, { deadlineMs: DEVICE_MS }),
  move: (cameraId: string, body: PtzOrder) => request<void>('POST', `${one(cameraId)}/ptz`, { body }),
  acceptCertificate: (cameraId: string, sha256: string) =>
    request<void>('POST', `${one(cameraId)}/certificate`, { body: { sha256 } }),
  change: (cameraId: string, body: CameraPatch) =>
    request<Camera>('PATCH', one(cameraId), { body, deadlineMs: DEVICE_MS }),
  remove: (cameraId: string, records: 'keep' | 'erase') =>
    request<void>('DELETE', `${one(cameraId)}?records=${records}`, { deadlineMs: DEVICE_MS }),

  importRoster,
  templateUrl: `${V1}/cameras/import-template.xlsx`,
  rosterUrl: `${V1}/cameras/export.xlsx`,
};

/** Reads a roster: `dryRun` only looks, `partial` writes the good rows. Bad rows are a result, not an error. `job` names the progress events. */
async function importRoster(
  file: Blob,
  mode: 'dryRun' | 'all' | 'partial',
  job: string,
): Promise<ImportResult> {
  const query = { dryRun: '?dryRun=1', all: '?dryRun=0', partial: '?partial=1' }[mode];
  try {
    const path = `${V1}/cameras/import${query}&job=${seg(job)}`;
    return await request<ImportResult>('POST', path, { file, deadlineMs: IMPORT_MS });
  } catch (error) {
    const result = error instanceof ApiError ? resultOf(error, mode === 'dryRun') : null;
    if (result === null) throw error;
    return result;
  }
}

function resultOf({ status, members }: ApiError, dryRun: boolean): ImportResult | null {
  const { rows } = members;
  if (status !== 422 || !Array.isArray(rows)) return null;
  const told = rows as ImportRow[];
  const failed = told.filter(({ ok }) => !ok).length;
  return { dryRun, total: told.length, created: 0, failed, rows: told };
}
