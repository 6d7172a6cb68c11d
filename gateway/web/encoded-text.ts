import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Payload } from './route.ts';

const LEAST_COMPRESSED_BYTES = 1024;
/** Quick steps: the text is compressed for one reader. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } };
const GZIP = { level: 4 };

/** A payload of text, compressed as `acceptEncoding` allows, off this thread; a reader that has it already gets 304. */
export async function encodedText(
  bytes: Buffer,
  contentType: string,
  acceptEncoding: string,
): Promise<Payload> {
  const encoding = bytes.length < LEAST_COMPRESSED_BYTES ? undefined : chosen(acceptEncoding);
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  const sent = encoding === undefined ? bytes : await compress(bytes, encoding);
  return {
    contentType,
    chunks: [sent],
    byteLength: sent.length,
    etag: encoding === undefined ? hash : `${hash}-${encoding}`,
    headers: {
      'cache-control': 'private, no-cache',
      vary: 'Accept-Encoding, Cookie',
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    },
  };
}

function compress(bytes: Buffer, encoding: 'br' | 'gzip'): Promise<Buffer> {
  return encoding === 'br' ? promisify(brotliCompress)(bytes, BROTLI) : promisify(gzip)(bytes, GZIP);
}

/** RFC 9110 section 12.5.3 as far as two encodings go: named and not refused with q=0. */
function chosen(acceptEncoding: string): 'br' | 'gzip' | undefined {
  const accepted = new Set<string>();
  for (const part of acceptEncoding.toLowerCase().split(',').slice(0, 20)) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    if (!parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) accepted.add(name);
  }
  return (['br', 'gzip'] as const).find((name) => accepted.has(name));
}
