import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../base/clock.ts';
import { byteRange } from './byte-range.ts';
import type { Payload } from './route.ts';

/** A client that takes nothing for this long is cut off. */
const STALL_MS = 30_000;

/** Writes a payload with its length, chunk by chunk as the client takes them; resolves when done or the client has gone. */
export async function writePayload(
  request: IncomingMessage,
  response: ServerResponse,
  payload: Payload,
  clock: Clock,
): Promise<void> {
  if (payload.release) response.once('close', payload.release);
  for (const [name, value] of Object.entries(payload.headers ?? {})) response.setHeader(name, value);
  response.setHeader('content-type', payload.contentType);
  if (payload.etag !== undefined) response.setHeader('etag', `"${payload.etag}"`);
  if (payload.modifiedAtMs !== undefined)
    response.setHeader('last-modified', new Date(payload.modifiedAtMs).toUTCString());
  if (isNotModified(request, payload)) {
    response.removeHeader('content-type');
    response.statusCode = 304;
    response.end();
    return;
  }
  const chunks = payload.range ? ranged(request, response, payload, payload.range) : payload.chunks;
  if (!payload.range && payload.byteLength !== null) response.setHeader('content-length', payload.byteLength);
  if (request.method !== 'HEAD') await writeChunks(response, chunks, clock);
  response.end();
}

/** Sets status and headers as the Range header asks (RFC 9110 section 14) and gives the bytes to send. */
function ranged(
  request: IncomingMessage,
  response: ServerResponse,
  { byteLength, etag }: Payload,
  read: NonNullable<Payload['range']>,
): Payload['chunks'] {
  const length = byteLength ?? 0;
  response.setHeader('accept-ranges', 'bytes');
  const condition = request.headers['if-range'];
  const holds = condition === undefined || condition === `"${etag ?? ''}"`;
  const wanted = byteRange(holds ? request.headers.range : undefined, length);
  const { start, end } = wanted.kind === 'part' ? wanted : { start: 0, end: length };
  if (wanted.kind === 'none') {
    response.statusCode = 416;
    response.setHeader('content-range', `bytes */${length}`);
    response.setHeader('content-length', 0);
    return [];
  }
  if (wanted.kind === 'part') {
    response.statusCode = 206;
    response.setHeader('content-range', `bytes ${start}-${end - 1}/${length}`);
  }
  response.setHeader('content-length', end - start);
  return request.method === 'HEAD' ? [] : read(start, end);
}

/** Conditional requests, RFC 9110 section 13: If-None-Match counts before If-Modified-Since. */
function isNotModified(request: IncomingMessage, payload: Payload): boolean {
  const wanted = request.headers['if-none-match'];
  if (wanted !== undefined && payload.etag !== undefined) {
    const own = `"${payload.etag}"`;
    return wanted.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === own);
  }
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  // Last-Modified has whole seconds.
  return payload.modifiedAtMs !== undefined && Math.floor(payload.modifiedAtMs / 1000) * 1000 <= since;
}

async function writeChunks(response: ServerResponse, chunks: Payload['chunks'], clock: Clock): Promise<void> {
  if (Symbol.asyncIterator in chunks) return writeStream(response, chunks, clock);
  response.cork();
  for (const chunk of chunks) {
    if (response.write(chunk)) continue;
    response.uncork();
    if (!(await drained(response, clock))) return;
    response.cork();
  }
  response.uncork();
}

/** Bytes that are read while they are sent; leaving the loop ends the reading. */
async function writeStream(
  response: ServerResponse,
  chunks: AsyncIterable<Uint8Array>,
  clock: Clock,
): Promise<void> {
  for await (const chunk of chunks) {
    if (response.destroyed || response.socket?.destroyed) return;
    if (!response.write(chunk) && !(await drained(response, clock))) return;
  }
}

/** False when the client has gone or has taken nothing for too long. */
function drained(response: ServerResponse, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    if (response.destroyed || response.socket?.destroyed) return resolve(false);
    const cancel = clock.after(STALL_MS, () => {
      response.destroy();
      finish(false);
    });
    const onDrain = (): void => finish(true);
    const onClose = (): void => finish(false);
    function finish(goOn: boolean): void {
      cancel();
      response.off('drain', onDrain);
      response.off('close', onClose);
      resolve(goOn);
    }
    response.once('drain', onDrain);
    response.once('close', onClose);
  });
}
