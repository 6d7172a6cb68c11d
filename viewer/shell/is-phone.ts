import { signal } from '@preact/signals';

const query = matchMedia('(max-width: 640px)');

/** Whether the page is as narrow as a phone; follows the window. */
export const isPhone = signal(query.matches);

query.addEventListener('change', () => {
  isPhone.value = query.matches;
});
