import express from 'express';
import type { Request, Response } from 'express';
import { GatewayError, isGatewayError } from '../base/gateway-error.ts';
import type { FileBody } from './route.ts';

/** Boundaries and headers of a form come on top of the file. */
const FORM_OVERHEAD_BYTES = 64 * 1024;

/** Reads a file that is the body itself, or the one file of a form (RFC 7578). Throws `bad-request`, `too-large`. */
export async function readFileBody(
  request: Request,
  response: Response,
  { contentTypes, maxBytes }: FileBody,
): Promise<Buffer> {
  const isForm = Boolean(request.is('multipart/form-data'));
  const type = isForm ? 'multipart/form-data' : [...contentTypes, 'application/octet-stream'];
  if (!request.is(Array.isArray(type) ? type : [type])) {
    throw new GatewayError(
      'bad-request',
      `send the file itself as the body (${contentTypes.join(', ')}), or in a form`,
    );
  }
  const limit = maxBytes + (isForm ? FORM_OVERHEAD_BYTES : 0);
  const parse = express.raw({ limit, type });
  await new Promise<void>((resolve, reject) => {
    parse(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      else reject(isTooLarge(error) ? tooLarge(maxBytes) : error);
    });
  });
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body) || body.length === 0)
    throw new GatewayError('bad-request', 'the body is empty: send the file');
  const file = isForm ? await fileOfForm(body, String(request.headers['content-type'])) : body;
  if (file.length > maxBytes) throw tooLarge(maxBytes);
  return file;
}

async function fileOfForm(body: Buffer, contentType: string): Promise<Buffer> {
  try {
    const form = await new Response_(new Uint8Array(body), {
      headers: { 'content-type': contentType },
    }).formData();
    const [file, second] = [...form.values()].filter((value) => typeof value !== 'string');
    if (!file || second) throw new GatewayError('bad-request', 'the form must bear exactly one file');
    return Buffer.from(await file.arrayBuffer());
  } catch (error) {
    if (isGatewayError(error)) throw error;
    throw new GatewayError('bad-request', 'the form cannot be read', { cause: error });
  }
}

/** The fetch API's own; express has a type of that name. */
const Response_ = globalThis.Response;

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 413;
}

function tooLarge(maxBytes: number): GatewayError {
  return new GatewayError('too-large', `the file is larger than ${Math.round(maxBytes / 1024 / 1024)} MiB`);
}
