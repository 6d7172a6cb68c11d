import { computed, signal } from '@preact/signals';
import type { Camera } from '../../gateway/contract/camera.ts';
import { cameras, healthById, projects } from '../fleet/fleet-store.ts';
import { filteredRows, healthRows, sortedRows } from './health-rows.ts';
import type { HealthFilter, HealthSort } from './health-rows.ts';
import { overviewById } from './overview-store.ts';

const everything: HealthFilter = { light: 'all', query: '', district: '', unit: '', reason: '' };

/** What the list is narrowed to and sorted by; kept while the app is open. */
export const filter = signal<HealthFilter>(everything);
export const sort = signal<HealthSort>('light');
/** The camera whose details are open. */
export const openedId = signal<string | null>(null);

/** All cameras, and those that are listed, in order. */
export const allRows = computed(() => healthRows(projects.value, cameras.value));
export const listedRows = computed(() =>
  sortedRows(filteredRows(allRows.value, filter.value), sort.value, (cameraId) => {
    const item = overviewById.value.get(cameraId);
    return { sinceMs: Date.parse(item?.since ?? '') || 0, uptime: item?.uptime ?? null };
  }),
);

/** True while the list is narrowed to anything. */
export const isNarrowed = computed(() =>
  Object.entries(everything).some(([key, value]) => filter.value[key as keyof HealthFilter] !== value),
);

/** Narrows the list further or wider. */
export function narrow(change: Partial<HealthFilter>): void {
  filter.value = { ...filter.value, ...change };
}

/** Lists everything again. */
export function widen(): void {
  filter.value = everything;
}

/** Since when a camera has its light, ms since the epoch: as last told, else as its bars say; null before either. */
export function lightSince(camera: Camera): number | null {
  const told = healthById.value.get(camera.id);
  const since = told?.light === camera.light ? told.since : overviewById.value.get(camera.id)?.since;
  return since === undefined ? null : Date.parse(since);
}

/** What a camera's running stream carries, kbit/s; null while none runs. */
export function bitrateOf(cameraId: string): number | null {
  const told = healthById.value.get(cameraId);
  if (!told) return overviewById.value.get(cameraId)?.bitrateKbps ?? null;
  return told.stream.state === 'running' ? told.stream.bitrateKbps : null;
}
