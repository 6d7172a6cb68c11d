/** English words: one form, or two where a `count` decides. */
export type English = string | { one: string; other: string };

/** One text in both languages; `{{name}}` marks what is filled in. */
export interface Text {
  zh: string;
  en: English;
}

/** Keeps the keys and placeholders of a feature's texts as types. */
export function defineTexts<const Texts extends Record<string, Text>>(texts: Texts): Texts {
  return texts;
}
