import type { Problem } from '../../gateway/contract/common.ts';
import { ApiError } from './api-error.ts';

const DEADLINE_MS = 10_000;

/** What to send: a JSON body or a file as it is, and a longer deadline where the gateway works for a while. */
export interface RequestOptions {
  body?: unknown;
  file?: Blob;
  deadlineMs?: number;
  /** Media types wanted; JSON where not said. */
  accept?: string;
}

type Listener = () => void;
let onSignedOut: Listener = () => {};

/** Calls `listener` whenever a reply says that nobody is signed in. */
export function whenSignedOut(listener: Listener): void {
  onSignedOut = listener;
}

/** Sends one request to the gateway and gives the JSON reply; throws ApiError for every other outcome. */
export async function request<Reply>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  options: RequestOptions = {},
): Promise<Reply> {
  const response = await succeeded(method, path, options);
  return (response.status === 204 ? undefined : await response.json()) as Reply;
}

/** Gets the reply's text as it is, for lists too long to be parsed in one go; throws as `request` does. */
export async function requestText(path: string, options: RequestOptions = {}): Promise<string> {
  return (await succeeded('GET', path, options)).text();
}

/** Gets bytes such as a picture; throws as `request` does. */
export async function requestBlob(path: string): Promise<Blob> {
  return (await succeeded('GET', path, { accept: '*/*' })).blob();
}

async function succeeded(method: string, path: string, options: RequestOptions): Promise<Response> {
  const response = await send(method, path, options);
  if (response.ok) return response;
  const problem = await readProblem(response);
  if (problem.code === 'unauthenticated') onSignedOut();
  throw problem;
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const init: RequestInit = {
    method,
    signal: AbortSignal.timeout(options.deadlineMs ?? DEADLINE_MS),
    headers: { accept: options.accept ?? 'application/json' },
  };
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body);
    init.headers = { accept: 'application/json', 'content-type': 'application/json' };
  }
  if (options.file !== undefined) {
    init.body = options.file;
    init.headers = { accept: 'application/json', 'content-type': 'application/octet-stream' };
  }
  try {
    return await fetch(path, init);
  } catch (error) {
    const late = error instanceof DOMException && error.name === 'TimeoutError';
    throw new ApiError(late ? 'timeout' : 'network', 0, late ? 'no answer in time' : 'no connection');
  }
}

/** Reads a problem+json reply; a reply of another kind becomes `internal`. */
export async function readProblem(response: Response): Promise<ApiError> {
  const retryAfterSec = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retry = Number.isFinite(retryAfterSec) ? retryAfterSec : null;
  try {
    const problem = (await response.json()) as Partial<Problem>;
    return new ApiError(problem.code ?? 'internal', response.status, problem.detail ?? '', retry, problem);
  } catch {
    return new ApiError('internal', response.status, response.statusText, retry);
  }
}
