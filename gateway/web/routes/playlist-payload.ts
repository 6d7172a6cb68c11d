import { gzipSync } from 'node:zlib';
import type { Payload } from '../route.ts';

/** RFC 8216bis section 4. */
export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl';

/** Below this a compressed list saves no packet. */
const WORTH_BYTES = 1000;
const LEVEL = 4;
const MOST_KEPT = 64;

/** Lists compressed lately: all viewers of a rendition ask for the same one, each part of it anew. */
const kept = new Map<string, Buffer>();

/** A playlist as it goes out: never cached. */
export function playlistPayload(text: string): Payload {
  const bytes = Buffer.from(text);
  const headers = { 'cache-control': 'no-store' };
  return { contentType: PLAYLIST_TYPE, chunks: [bytes], byteLength: bytes.length, headers };
}

/**
 * A playlist for a player with low latency, compressed where it takes that: it reloads three times a second. Plain players
 * get theirs as it is: VLC without its inflate filter and GStreamer 1.22 ask for gzip and cannot read it.
 */
export function reloadedPlaylistPayload(text: string, acceptEncoding: string | undefined): Payload {
  const headers = { 'cache-control': 'no-store', vary: 'Accept-Encoding' };
  const compress = text.length >= WORTH_BYTES && takesGzip(acceptEncoding);
  const bytes = compress ? compressed(text) : Buffer.from(text);
  return {
    contentType: PLAYLIST_TYPE,
    chunks: [bytes],
    byteLength: bytes.length,
    headers: compress ? { ...headers, 'content-encoding': 'gzip' } : headers,
  };
}

/** RFC 9110 section 12.5.3, as far as gzip goes. */
function takesGzip(acceptEncoding: string | undefined): boolean {
  const gzip = (acceptEncoding ?? '').split(',').find((part) => /^\s*(?:x-)?gzip\b/i.test(part));
  return gzip !== undefined && !/;\s*q\s*=\s*0(?:\.0*)?\s*$/i.test(gzip);
}

function compressed(text: string): Buffer {
  const known = kept.get(text);
  if (known) return known;
  const bytes = gzipSync(text, { level: LEVEL });
  kept.set(text, bytes);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
  return bytes;
}
