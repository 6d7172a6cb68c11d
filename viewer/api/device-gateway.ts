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

/** A named user name and password of the gateway, without the password. */
export interface CredentialSet {
  id: string;
  name: string;
  username: string;
  hasPassword: boolean;
  createdAt: string;
}

/** Moves at these speeds (-1…1) for a while, or goes to a preset. */
export type PtzMove = { pan: number; tilt: number; zoom: number; ms: number } | { preset: string };

export interface Ptz {
  supported: boolean;
  presets: { token: string; name: string }[];
}

/** One row of an import: what it is called and what is wrong in which column. */
export interface ImportRow {
  row: number;
  ok: boolean;
  cameraId: string | null;
  name: string;
  errors: { column: string; message: string }[];
}

export interface ImportResult {
  dryRun: boolean;
  total: number;
  created: number;
  failed: number;
  rows: ImportRow[];
}

function one(cameraId: string): string {
  return `${V1}/cameras/${seg(cameraId)}`;
}

/** What technicians ask of the gateway: sign-ins, checks, movements, rosters; every call throws ApiError when it does not succeed. */
export const deviceGateway = {
  credentialSets: async () =>
    (await request<Page<CredentialSet>>('GET', `${V1}/credential-sets?limit=1000`)).items,
  createCredentialSet: (body: { name: string; username: string; password: string }) =>
    request<CredentialSet>('POST', `${V1}/credential-sets`, { body }),
  changeCredentialSet: (id: string, body: { name?: string; username?: string; password?: string }) =>
    request<CredentialSet>('PATCH', `${V1}/credential-sets/${seg(id)}`, { body }),
  removeCredentialSet: (id: string) => request<void>('DELETE', `${V1}/credential-sets/${seg(id)}`),

  checkDraft: (body: CameraCheckRequest) =>
    request<CameraCheck>('POST', `${V1}/camera-checks`, { body, deadlineMs: DEVICE_MS }),
  check: (cameraId: string) =>
    request<CameraCheck>('POST', `${one(cameraId)}/check`, { deadlineMs: DEVICE_MS }),
  setClock: (cameraId: string) =>
    request<{ clockDriftSec: number }>('POST', `${one(cameraId)}/clock`, { deadlineMs: DEVICE_MS }),
  ptz: (cameraId: string) => request<Ptz>('GET', `${one(cameraId)}/ptz`, { deadlineMs: DEVICE_MS }),
  move: (cameraId: string, body: PtzMove) => request<void>('POST', `${one(cameraId)}/ptz`, { body }),
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

/** Reads a roster: `dryRun` only looks, `partial` writes the good rows. Bad rows are a result, not an error. */
async function importRoster(file: Blob, mode: 'dryRun' | 'all' | 'partial'): Promise<ImportResult> {
  const query = { dryRun: '?dryRun=1', all: '', partial: '?partial=1' }[mode];
  try {
    return await request<ImportResult>('POST', `${V1}/cameras/import${query}`, {
      file,
      deadlineMs: IMPORT_MS,
    });
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
