import { signal } from '@preact/signals';
import { siteNow } from '../format/site-time.ts';

/** The time by the gateway's clock, ms since the epoch, once a second for the life of the page; read it in small components only. */
export const now = signal(siteNow());

setInterval(() => {
  now.value = siteNow();
}, 1000);
