import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillTemplate, parseTemplate, placeholders, templateFault } from '../../gateway/warnings/template.ts';
import type { Placeholder } from '../../gateway/warnings/template.ts';

const braces = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('{', '}', '{{', '"', '\\', '{ title }', '{constructor}', '{__proto__}', '${text}', '\0'),
    fc.constantFrom(...placeholders).map((name) => `{${name}}`),
  ),
  { maxLength: 30 },
);
const values = fc.record(
  Object.fromEntries(placeholders.map((name) => [name, fc.string({ unit: 'binary' })])) as Record<
    Placeholder,
    fc.Arbitrary<string>
  >,
);

test('any text is a template or a plain mistake, and its parts are the text again', () => {
  fc.assert(
    fc.property(braces, (pieces) => {
      const text = pieces.join('');
      const parsed = parseTemplate(text);
      if (!parsed.ok) {
        expect(parsed.message).toMatch(/is not known; there are/);
        return;
      }
      const again = parsed.parts.map((part) => (typeof part === 'string' ? part : `{${part.name}}`)).join('');
      expect(again).toBe(text);
    }),
  );
});

test('a JSON template stays JSON of the same shape with any values', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...placeholders), { minLength: 1, maxLength: 8 }),
      values,
      (names, filled) => {
        const text = `{${names.map((name, n) => `"${n}":"x{${name}}y"`).join(',')}}`;
        expect(templateFault(text, 'json')).toBeNull();
        const parsed = parseTemplate(text);
        if (!parsed.ok) throw new Error(parsed.message);
        const read = JSON.parse(fillTemplate(parsed.parts, filled, 'json')) as Record<string, string>;
        expect(Object.values(read)).toEqual(names.map((name) => `x${filled[name].toWellFormed()}y`));
      },
    ),
  );
});

test('a form keeps its fields with any values, and a header its one line', () => {
  fc.assert(
    fc.property(values, (filled) => {
      const parsed = parseTemplate('to={to}&text={text}');
      if (!parsed.ok) throw new Error(parsed.message);
      const fields = new URLSearchParams(fillTemplate(parsed.parts, filled, 'url'));
      expect(Object.fromEntries(fields)).toEqual({
        to: filled.to.toWellFormed(),
        text: filled.text.toWellFormed(),
      });
      expect(fillTemplate(parsed.parts, filled, 'none')).not.toMatch(/[\r\n\0]/);
    }),
  );
});
