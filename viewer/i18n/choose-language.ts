import { effect } from '@preact/signals';
import { firstLanguage } from './first-language.ts';
import { language } from './translate.ts';
import type { Language } from './translate.ts';

const STORED = 'gantry.language';

/** Takes the first language and keeps `<html lang>` in step for the life of the page. */
export function startLanguage(): void {
  language.value = firstLanguage(location.search, localStorage.getItem(STORED), navigator.languages);
  effect(() => {
    document.documentElement.lang = language.value === 'en' ? 'en' : 'zh-CN';
  });
}

/** Shows another language and remembers it in this browser. */
export function chooseLanguage(next: Language): void {
  localStorage.setItem(STORED, next);
  language.value = next;
}
