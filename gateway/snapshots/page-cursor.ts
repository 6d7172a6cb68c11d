import { GatewayError } from '../base/gateway-error.ts';
import type { PagePlace } from './snapshot-store.ts';

/** The next page of a plain list begins after `place`; of a thinned one at `edgeMs`. */
export type PageCursor = { kind: 'place'; place: PagePlace } | { kind: 'edge'; edgeMs: number };

/** The cursor as opaque text. */
export function writeCursor(cursor: PageCursor): string {
  const text =
    cursor.kind === 'place' ? `p${cursor.place.takenAtMs}.${cursor.place.seq}` : `e${cursor.edgeMs}`;
  return Buffer.from(text).toString('base64url');
}

/** Reads what `writeCursor` wrote; throws `bad-request` for anything else. */
export function readCursor(text: string, kind: PageCursor['kind']): PageCursor {
  const plain = Buffer.from(text, 'base64url').toString('latin1');
  const place = /^p(-?\d{1,15})\.(\d{1,15})$/.exec(plain);
  if (kind === 'place' && place)
    return { kind, place: { takenAtMs: Number(place[1]), seq: Number(place[2]) } };
  const edge = /^e(-?\d{1,15})$/.exec(plain);
  if (kind === 'edge' && edge) return { kind, edgeMs: Number(edge[1]) };
  throw new GatewayError('bad-request', 'the cursor is not one of this list: begin again without it');
}
