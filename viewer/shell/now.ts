import { signal } from '@preact/signals';

/** The time, ms since the epoch, once a second for the life of the page; read it in small components only. */
export const now = signal(Date.now());

setInterval(() => {
  now.value = Date.now();
}, 1000);
