import { computed, effect, signal } from '@preact/signals';
import type { Camera } from '../../gateway/contract/camera.ts';
import { user } from '../api/session.ts';
import { cameras, projects } from '../fleet/fleet-store.ts';
import { fleetTree } from '../fleet/fleet-tree.ts';
import { groupCount, layoutFor, layouts, mergeOrder, swapped } from './wall-layout.ts';
import type { Quality } from '../player/choose-rendition.ts';
import type { TileCount } from './wall-layout.ts';

interface Remembered {
  order: string[];
  count: TileCount | null;
  quality: Quality;
}

const NOTHING: Remembered = { order: [], count: null, quality: 'auto' };
const remembered = signal<Remembered>(NOTHING);
const storageKey = computed(() => `gantry.wall.${user.value?.id ?? ''}`);

/** The tile that is selected, counted over all groups. */
export const selected = signal(0);
/** The camera that is heard; one at most. */
export const heard = signal<string | null>(null);

const byTree = computed(() =>
  fleetTree(projects.value, cameras.value, { query: '', troubledOnly: false }).flatMap((district) =>
    district.projects.flatMap((branch) => branch.cameras.map((camera) => camera.id)),
  ),
);

/** Every camera's id in the order of the tiles. */
export const order = computed(() => mergeOrder(remembered.value.order, byTree.value));
export const tileCount = computed<TileCount>(() => remembered.value.count ?? layoutFor(order.value.length));
export const quality = computed(() => remembered.value.quality);
export const group = computed(() =>
  Math.min(Math.floor(selected.value / tileCount.value), groupCount(order.value, tileCount.value) - 1),
);

/** The cameras of the group on screen; null where a tile is free. */
export const tiles = computed<(Camera | null)[]>(() => {
  const byId = new Map(cameras.value.map((camera) => [camera.id, camera]));
  const first = group.value * tileCount.value;
  return Array.from(
    { length: tileCount.value },
    (_, index) => byId.get(order.value[first + index] ?? '') ?? null,
  );
});

effect(() => {
  remembered.value = read(localStorage.getItem(storageKey.value));
  selected.value = 0;
});

function read(text: string | null): Remembered {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<Remembered> | null;
    const count = layouts.find((layout) => layout.count === value?.count)?.count ?? null;
    const ids = Array.isArray(value?.order) ? value.order.filter((id) => typeof id === 'string') : [];
    const wish = value?.quality === 'smooth' || value?.quality === 'hd' ? value.quality : 'auto';
    return { order: ids, count, quality: wish };
  } catch {
    return NOTHING;
  }
}

function remember(change: Partial<Remembered>): void {
  remembered.value = { ...remembered.value, ...change };
  localStorage.setItem(storageKey.value, JSON.stringify(remembered.value));
}

export function chooseLayout(count: TileCount): void {
  remember({ count });
}

export function chooseQuality(next: Quality): void {
  remember({ quality: next });
}

/** Puts a camera on the selected tile, or selects its tile when it is on screen. */
export function pickCamera(cameraId: string): void {
  const at = order.value.indexOf(cameraId);
  const first = group.value * tileCount.value;
  if (at >= first && at < first + tileCount.value) selected.value = at;
  else moveCamera(at, selected.value);
}

/** Lets the cameras of two places change places. */
export function moveCamera(from: number, to: number): void {
  remember({ order: swapped(order.value, from, to) });
}

/** Shows the group before (-1) or after (1), round and round. */
export function turnGroup(by: 1 | -1): void {
  const groups = groupCount(order.value, tileCount.value);
  selected.value = ((group.value + by + groups) % groups) * tileCount.value;
}
