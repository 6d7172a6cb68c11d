/** Names that a template may hold in braces, such as `{title}`. */
export const placeholders = [
  'id',
  'at',
  'title',
  'text',
  'light',
  'project',
  'count',
  'link',
  'to',
  'secret',
] as const;
export type Placeholder = (typeof placeholders)[number];

/** How a value is written into its surroundings. */
export type Escaping = 'json' | 'url' | 'none';

/** A template read: plain pieces and places to fill in, or what is wrong with it. */
export type ParsedTemplate =
  | { ok: true; parts: readonly (string | { name: Placeholder })[] }
  | { ok: false; message: string };

/**
 * Reads a template: `{name}` is a place, any other brace is plain text, so that JSON needs no escaping. A word in braces
 * that is no known name is a mistake. No code, no loops, no conditions; pure and never throws.
 */
export function parseTemplate(text: string): ParsedTemplate {
  const parts: (string | { name: Placeholder })[] = [];
  let from = 0;
  for (const match of text.matchAll(/\{([A-Za-z_]\w{0,40})\}/g)) {
    const name = placeholders.find((known) => known === match[1]);
    if (name === undefined)
      return {
        ok: false,
        message: `{${match[1] ?? ''}} is not known; there are ${placeholders.map((known) => `{${known}}`).join(' ')}`,
      };
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push({ name });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return { ok: true, parts };
}

/** Fills a parsed template; each value is escaped so that it stays within its place. */
export function fillTemplate(
  parts: Extract<ParsedTemplate, { ok: true }>['parts'],
  values: Readonly<Record<Placeholder, string>>,
  escaping: Escaping,
): string {
  return parts
    .map((part) => (typeof part === 'string' ? part : escaped(values[part.name], escaping)))
    .join('');
}

function escaped(value: string, escaping: Escaping): string {
  const whole = value.toWellFormed();
  if (escaping === 'json') return JSON.stringify(whole).slice(1, -1);
  return escaping === 'url' ? encodeURIComponent(whole) : whole.replaceAll(/[\r\n\0]+/g, ' ');
}

/** Says what is wrong with a body template of that type, in a plain sentence; null when nothing is. */
export function templateFault(text: string, bodyType: 'json' | 'form' | 'none'): string | null {
  const parsed = parseTemplate(text);
  if (!parsed.ok) return parsed.message;
  if (bodyType !== 'json') return null;
  const sample = Object.fromEntries(placeholders.map((name) => [name, 'a"b'])) as Record<Placeholder, string>;
  try {
    JSON.parse(fillTemplate(parsed.parts, sample, 'json'));
    return null;
  } catch {
    return 'with its places filled in, it is no JSON: write each {place} inside quotes, and check commas and braces';
  }
}
