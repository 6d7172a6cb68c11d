import { computed, signal } from '@preact/signals';
import type { HealthOverview } from '../../gateway/contract/health.ts';
import { gateway } from '../api/gateway.ts';

/** One camera's bars. */
export type OverviewItem = HealthOverview['items'][number];

/** The bars of all cameras as last read; null before. */
export const overview = signal<HealthOverview | null>(null);
/** Why the last reading failed; null when it did not. */
export const overviewFault = signal<unknown>(null);

/** The bars by camera. */
export const overviewById = computed<ReadonlyMap<string, OverviewItem>>(
  () => new Map(overview.value?.items.map((item) => [item.cameraId, item])),
);

/** Reads the bars anew; what was read before stays while a reading fails. */
export async function loadOverview(): Promise<void> {
  try {
    overview.value = await gateway.healthOverview();
    overviewFault.value = null;
  } catch (error) {
    overviewFault.value = error;
  }
}
