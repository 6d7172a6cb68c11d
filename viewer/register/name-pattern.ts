/** What a pattern of names can take from a camera and its batch. */
export interface NameFacts {
  project: string;
  vendor: string;
  model: string;
  /** What the device calls itself. */
  name: string;
  address: string;
  serial: string;
}

/** The parts of a pattern, as people may insert them; `{n:02}` counts with leading zeros. */
export const PATTERN_PARTS = [
  '{project}',
  '{n:02}',
  '{n}',
  '{name}',
  '{vendor}',
  '{model}',
  '{address}',
] as const;

/** The pattern a batch begins with. */
export const FIRST_PATTERN = '{project}-{n:02}';

const PART = /\{(\w+)(?::0?(\d))?\}/g;

/**
 * The name of camera `number` (1 first): `{n}` counts, `{n:02}` with two digits, other parts are the camera's facts. What
 * is not known falls out with the dash or blank beside it; a part that does not exist stays as it was typed.
 */
export function nameFrom(pattern: string, number: number, facts: NameFacts): string {
  const filled = pattern.replace(PART, (part, key: string, digits: string | undefined) => {
    if (key === 'n') return String(number).padStart(Number(digits ?? 1), '0');
    return Object.hasOwn(facts, key) ? facts[key as keyof NameFacts] : part;
  });
  return filled
    .replace(/([-_·/ ])[-_·/ ]*(?=\1)/g, '')
    .replace(/^[-_·/\s]+|[-_·/\s]+$/g, '')
    .slice(0, 120);
}

/** Names that stand more than once, or are empty, in the order of the list. */
export function nameFaults(names: readonly string[]): ('empty' | 'double' | null)[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name.trim(), (counts.get(name.trim()) ?? 0) + 1);
  return names.map((name) => {
    if (name.trim() === '') return 'empty';
    return (counts.get(name.trim()) ?? 0) > 1 ? 'double' : null;
  });
}
