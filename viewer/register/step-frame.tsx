import type { ComponentChildren } from 'preact';

interface StepFrameProps {
  title: string;
  lead: string;
  side?: ComponentChildren;
  note?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}

/** A step of the wizard: head, content that scrolls, foot with the way on. */
export function StepFrame({ title, lead, side, note, actions, children }: StepFrameProps) {
  return (
    <section class="register-step">
      <header>
        <div>
          <h2>{title}</h2>
          <p>{lead}</p>
        </div>
        {side}
      </header>
      <div class="register-content">{children}</div>
      <footer>
        <span>{note}</span>
        <span class="spring" />
        {actions}
      </footer>
    </section>
  );
}
