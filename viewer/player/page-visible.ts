import { signal } from '@preact/signals';

/** Whether the tab is in front; pictures stop while it is not. */
export const pageVisible = signal(document.visibilityState === 'visible');

document.addEventListener('visibilitychange', () => {
  pageVisible.value = document.visibilityState === 'visible';
});
