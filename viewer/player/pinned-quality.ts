import { signal } from '@preact/signals';
import type { Quality } from './choose-rendition.ts';

const KEY = 'gantry.camera.quality';

function read(): Quality {
  const kept = localStorage.getItem(KEY);
  return kept === 'smooth' || kept === 'hd' ? kept : 'auto';
}

/** What the person pinned on the camera page of this device, or `auto`. */
export const pinnedQuality = signal<Quality>(read());

/** Pins a quality on this device; `auto` leaves it to size and network again. */
export function pinQuality(next: Quality): void {
  pinnedQuality.value = next;
  localStorage.setItem(KEY, next);
}
