import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, RequestHandler, Response } from 'express';
import { viewerMissingPage } from './viewer-missing-page.ts';

const CONTENT_TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = new Set(['.css', '.html', '.js', '.json', '.svg', '.txt', '.webmanifest']);
const LEAST_COMPRESSED_BYTES = 1024;
/** Vite puts a hash of the content into the name: such a file never changes. */
const HASHED = /^\/assets\/.*-[\w-]{8,}\.\w+$/;

type Encoding = 'br' | 'gzip' | 'identity';

interface ViewerFile {
  contentType: string;
  etag: string;
  variants: Map<Encoding, Buffer>;
}

/**
 * The built viewer, read whole into memory with its compressed forms (some hundred kB) and read again after a new build.
 * A request picks from what was read, so that no path leads out of the folder.
 */
export class ViewerFiles {
  readonly #folder: string;
  #files = new Map<string, ViewerFile>();
  #builtAtMs: number | null = null;
  #reading: Promise<void> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Serves GET and HEAD of files, and the page itself for whatever else a browser navigates to. */
  handler(): RequestHandler {
    return async (request, response, next) => {
      const wantsPage = isNavigation(request);
      const file =
        request.method === 'GET' || request.method === 'HEAD'
          ? await this.#find(request, wantsPage)
          : undefined;
      if (file) sendFile(request, response, file);
      else if (wantsPage) sendMissing(response);
      else next();
    };
  }

  /** The bytes of a built page by its path; null when there is no such file. */
  async page(path: string): Promise<Buffer | null> {
    await this.#refresh();
    return this.#files.get(path)?.variants.get('identity') ?? null;
  }

  async #find(request: Request, wantsPage: boolean): Promise<ViewerFile | undefined> {
    const known = this.#files.get(request.path);
    if (known && request.path !== '/index.html') return known;
    if (!wantsPage && !looksLikeFile(request.path)) return undefined;
    await this.#refresh();
    return this.#files.get(wantsPage ? '/index.html' : request.path);
  }

  /** Reads the folder again when its page is newer than what is held. */
  async #refresh(): Promise<void> {
    const builtAtMs = await stat(join(this.#folder, 'index.html')).then(
      (stats) => stats.mtimeMs,
      () => null,
    );
    if (builtAtMs === this.#builtAtMs) return;
    this.#reading ??= this.#read(builtAtMs).finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  async #read(builtAtMs: number | null): Promise<void> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = new Map<string, ViewerFile>();
    for (const entry of entries) {
      if (!entry.isFile() || !(extname(entry.name) in CONTENT_TYPES)) continue;
      const path = join(entry.parentPath, entry.name);
      files.set(`/${relative(this.#folder, path).replaceAll(sep, '/')}`, await readViewerFile(path));
    }
    this.#files = files;
    this.#builtAtMs = builtAtMs;
  }
}

async function readViewerFile(path: string): Promise<ViewerFile> {
  const bytes = await readFile(path);
  const variants = new Map<Encoding, Buffer>([['identity', bytes]]);
  if (COMPRESSIBLE.has(extname(path)) && bytes.length >= LEAST_COMPRESSED_BYTES) {
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    variants.set('br', await promisify(brotliCompress)(bytes, quality));
    variants.set('gzip', await promisify(gzip)(bytes, { level: 9 }));
  }
  const etag = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  return { contentType: CONTENT_TYPES[extname(path)] ?? 'application/octet-stream', etag, variants };
}

function sendFile(request: Request, response: Response, file: ViewerFile): void {
  const encoding = (['br', 'gzip'] as const).find(
    (name) => file.variants.has(name) && accepts(request, name),
  );
  const bestEncoding = encoding ?? 'identity';
  const bytes = file.variants.get(bestEncoding) ?? Buffer.alloc(0);
  const etag = `"${file.etag}${bestEncoding === 'identity' ? '' : `-${bestEncoding}`}"`;
  response.setHeader('content-type', file.contentType);
  response.setHeader('etag', etag);
  response.setHeader('vary', 'Accept-Encoding');
  response.setHeader(
    'cache-control',
    HASHED.test(request.path) ? 'public, max-age=31536000, immutable' : 'no-cache',
  );
  if (request.headers['if-none-match'] === etag) {
    response.status(304).end();
    return;
  }
  if (bestEncoding !== 'identity') response.setHeader('content-encoding', bestEncoding);
  response.setHeader('content-length', bytes.length);
  response.status(200).end(request.method === 'HEAD' ? undefined : bytes);
}

function sendMissing(response: Response): void {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('cache-control', 'no-store');
  response.status(503).end(viewerMissingPage);
}

function accepts(request: Request, encoding: Encoding): boolean {
  return request.acceptsEncodings(encoding) === encoding;
}

/** A browser that opens an address of the viewer, which are the viewer's own to tell apart. */
function isNavigation(request: Request): boolean {
  return (
    (request.method === 'GET' || request.method === 'HEAD') &&
    !/^\/(?:api|live|assets|s)(?:\/|$)/.test(request.path) &&
    !looksLikeFile(request.path) &&
    (request.headers.accept ?? '').includes('text/html')
  );
}

function looksLikeFile(path: string): boolean {
  return /\.[A-Za-z0-9]{1,12}$/.test(path);
}
