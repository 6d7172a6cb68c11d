import { GatewayError } from '../../base/gateway-error.ts';
import type { ListPlace } from './timelapse-store.ts';

/** The place in a list that a cursor names. Throws `bad-request` for any other text. */
export function readPlace(cursor: string): ListPlace {
  const [, createdAt, id] = /^(\d{1,16})\.([\w-]{1,100})$/.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined)
    throw new GatewayError('bad-request', 'cursor: give the nextCursor of the page before, unchanged');
  return { createdAtMs: Number(createdAt), id };
}
