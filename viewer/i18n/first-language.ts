import type { Language } from './translate.ts';

/** The language to begin with: `?lang=`, else the last chosen, else the browser's; Chinese unless it asks for English. */
export function firstLanguage(query: string, stored: string | null, browser: readonly string[]): Language {
  const asked = new URLSearchParams(query).get('lang') ?? stored;
  if (asked !== null) return asked.startsWith('en') ? 'en' : 'zh';
  const known = browser.find((tag) => /^(zh|en)\b/i.test(tag));
  return known?.toLowerCase().startsWith('en') ? 'en' : 'zh';
}
