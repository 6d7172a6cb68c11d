import { computed, effect, signal } from '@preact/signals';

/** How the viewer looks; `auto` follows the system. */
export type Theme = 'auto' | 'light' | 'dark';

const STORED = 'gantry.theme';
const themes: readonly Theme[] = ['auto', 'light', 'dark'];

function firstTheme(): Theme {
  const asked = new URLSearchParams(location.search).get('theme') ?? localStorage.getItem(STORED);
  return themes.find((theme) => theme === asked) ?? 'auto';
}

/** The theme chosen in this browser. */
export const theme = signal<Theme>(firstTheme());

/** A page that is always dark (the wall) sets this while it is shown. */
export const forcedDark = signal(false);

const systemDark = matchMedia('(prefers-color-scheme: dark)');

/** Whether dark is shown now. */
export const isDark = computed(
  () => forcedDark.value || theme.value === 'dark' || (theme.value === 'auto' && systemDark.matches),
);

/** Keeps `<html data-theme>` in step for the life of the page. */
export function startTheme(): void {
  effect(() => {
    document.documentElement.dataset['theme'] = forcedDark.value ? 'dark' : theme.value;
  });
}

/** Chooses a theme and remembers it in this browser. */
export function chooseTheme(next: Theme): void {
  localStorage.setItem(STORED, next);
  theme.value = next;
}
