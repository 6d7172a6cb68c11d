import type { ComponentChildren } from 'preact';
import { Icon } from '../icons/icon.tsx';

interface SectionProps {
  title: string;
  /** Its button; null for none. */
  add: { label: string; disabled: boolean; run: () => void } | null;
  children: ComponentChildren;
}

/** One part of the page under its heading. */
export function Section({ title, add, children }: SectionProps) {
  return (
    <section class="g-panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span class="spring" />
        {add === null ? null : (
          <button class="g-btn s" disabled={add.disabled} onClick={add.run}>
            <Icon name="plus" small />
            {add.label}
          </button>
        )}
      </header>
      {children}
    </section>
  );
}
