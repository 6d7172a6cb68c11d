import { useRef } from 'preact/hooks';
import type { Signal } from '@preact/signals';
import { translate } from '../i18n/translate.ts';
import { PATTERN_PARTS } from './name-pattern.ts';

/** The pattern all names follow, with buttons for its parts and the first name that comes of it. */
export function PatternField({ pattern, example }: { pattern: Signal<string>; example: string }) {
  const input = useRef<HTMLInputElement>(null);
  const insert = (part: string): void => {
    const field = input.current;
    const at = field?.selectionStart ?? pattern.value.length;
    pattern.value = pattern.value.slice(0, at) + part + pattern.value.slice(field?.selectionEnd ?? at);
    field?.focus();
  };
  return (
    <div class="g-field">
      <label for="pattern">{translate('register.pattern')}</label>
      <input
        id="pattern"
        class="g-input"
        ref={input}
        aria-describedby="pattern-help"
        spellcheck={false}
        value={pattern.value}
        onInput={(event) => (pattern.value = event.currentTarget.value)}
      />
      <div class="register-parts" role="group" aria-label={translate('register.patternParts')}>
        {PATTERN_PARTS.map((part) => (
          <button key={part} type="button" class="mono" onClick={() => insert(part)}>
            {part}
          </button>
        ))}
      </div>
      <span class="help" id="pattern-help" aria-live="polite">
        {translate('register.patternExample', { name: example })}
      </span>
    </div>
  );
}
