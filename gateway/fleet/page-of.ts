import { GatewayError } from '../base/gateway-error.ts';
import type { Page } from '../contract/common.ts';

interface Listed {
  id: string;
  createdAtMs: number;
}

/**
 * One page, in the order of creation, of records that are held in memory. The cursor names the place, not the item, so
 * that a list goes on over deletions. Throws `bad-request` for a cursor that no list gave.
 */
export function pageOf<Item extends Listed>(
  items: readonly Item[],
  limit: number,
  cursor?: string,
): Page<Item> {
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  const rest = items
    .filter((item) => after === undefined || isBehind(item, after))
    .sort((a, b) => (isBehind(a, b) ? 1 : -1));
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown, nextCursor: rest.length > limit && last ? `${last.createdAtMs}.${last.id}` : null };
}

function parseCursor(cursor: string): Listed {
  const [, createdAt, id] = /^(\d{1,16})\.([\w-]{1,100})$/.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined) {
    throw new GatewayError('bad-request', 'cursor: give the nextCursor of the page before, unchanged');
  }
  return { createdAtMs: Number(createdAt), id };
}

function isBehind(item: Listed, place: Listed): boolean {
  return (
    item.createdAtMs > place.createdAtMs || (item.createdAtMs === place.createdAtMs && item.id > place.id)
  );
}
