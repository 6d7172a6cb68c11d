import { computed, signal } from '@preact/signals';
import { user } from '../api/session.ts';
import type { Quality } from './choose-rendition.ts';

const KEY = 'gantry.camera.quality';
const storageKey = computed(() => `${KEY}.${user.value?.id ?? ''}`);
/** Grows with each pin, so that what is kept is read again. */
const pins = signal(0);

/** What this person pinned on the camera page of this device, or `auto`; several share a device on site. */
export const pinnedQuality = computed<Quality>(() => {
  void pins.value;
  const kept = localStorage.getItem(storageKey.value);
  return kept === 'smooth' || kept === 'hd' ? kept : 'auto';
});

/** Pins a quality for this person on this device; `auto` leaves it to size and network again. */
export function pinQuality(next: Quality): void {
  localStorage.setItem(storageKey.peek(), next);
  pins.value += 1;
}
