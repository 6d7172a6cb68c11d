import type { IconName } from '../icons/icon-names.ts';

/** How many pictures a wall shows; six is one large and five small. */
export type TileCount = 1 | 4 | 6 | 9 | 16;

/** The layouts in the order of their buttons. */
export const layouts: readonly { count: TileCount; icon: IconName }[] = [
  { count: 1, icon: 'g1' },
  { count: 4, icon: 'g4' },
  { count: 6, icon: 'g6' },
  { count: 9, icon: 'g9' },
  { count: 16, icon: 'g16' },
];

/** The smallest even layout that shows all cameras, 16 at most. */
export function layoutFor(cameraCount: number): TileCount {
  if (cameraCount <= 1) return 1;
  if (cameraCount <= 4) return 4;
  return cameraCount <= 9 ? 9 : 16;
}

/** The remembered order with cameras that are gone left out and new ones at the end. */
export function mergeOrder(remembered: readonly string[], present: readonly string[]): string[] {
  const there = new Set(present);
  const kept = [...new Set(remembered)].filter((id) => there.has(id));
  const known = new Set(kept);
  return [...kept, ...present.filter((id) => !known.has(id))];
}

/** The order after the cameras at two places changed places; unchanged when a place is outside. */
export function swapped(order: readonly string[], a: number, b: number): string[] {
  const next = [...order];
  const [first, second] = [next[a], next[b]];
  if (first === undefined || second === undefined) return next;
  next[a] = second;
  next[b] = first;
  return next;
}

/** How many groups of `count` an order makes; at least one. */
export function groupCount(order: readonly string[], count: number): number {
  return Math.max(1, Math.ceil(order.length / count));
}
