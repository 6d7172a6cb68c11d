import { signal } from '@preact/signals';
import { createInstance } from 'i18next';
import { texts } from './texts.ts';
import type { Text } from './define-texts.ts';
import type { TextKey } from './texts.ts';

/** The two languages; Chinese is the first. */
export type Language = 'zh' | 'en';

/** The language now shown; a component that reads it (or calls `translate`) draws again when it changes. */
export const language = signal<Language>('zh');

type Names<Phrase extends string> = Phrase extends `${string}{{${infer Name}}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type Params<Key extends TextKey> = Names<(typeof texts)[Key]['zh']>;
type Args<Key extends TextKey> = [Params<Key>] extends [never]
  ? []
  : [values: Record<Params<Key>, string | number>];

function resource(pick: Language): Record<string, string> {
  const phrases: Record<string, string> = {};
  for (const [key, text] of Object.entries<Text>(texts)) {
    const phrase = text[pick];
    if (typeof phrase === 'string') phrases[key] = phrase;
    else Object.assign(phrases, { [`${key}_one`]: phrase.one, [`${key}_other`]: phrase.other });
  }
  return phrases;
}

const phrases = createInstance();
void phrases.init({
  lng: 'zh',
  fallbackLng: false,
  keySeparator: false,
  nsSeparator: false,
  initAsync: false,
  interpolation: { escapeValue: false },
  resources: { zh: { translation: resource('zh') }, en: { translation: resource('en') } },
});

// The keys are typed here; i18next's own inference over them only costs time.
const fill: (key: string, values: Record<string, unknown>) => string = phrases.t;

/** The text of `key` in the language shown, its placeholders filled. */
export function translate<Key extends TextKey>(key: Key, ...[values]: Args<Key>): string {
  return fill(key, { lng: language.value, ...values });
}
