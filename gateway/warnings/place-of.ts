import { GatewayError } from '../base/gateway-error.ts';

/** Where a list goes on: the time and id of its last item. Throws `bad-request`. */
export function placeOf(cursor: string): { atMs: number; id: string } {
  const [, atMs, id] = /^(\d{1,16})\.([\w-]{1,100})$/.exec(cursor) ?? [];
  if (atMs === undefined || id === undefined)
    throw new GatewayError('bad-request', 'cursor: give the nextCursor of the page before, unchanged');
  return { atMs: Number(atMs), id };
}
