import { useSignal } from '@preact/signals';
import { Icon } from '../icons/icon.tsx';
import type { ComponentChildren } from 'preact';
import type { IconName } from '../icons/icon-names.ts';

/** One tool of the camera page; its content is made when it is first opened. */
export function Tool({
  title,
  icon,
  children,
}: {
  title: string;
  icon: IconName;
  children: ComponentChildren;
}) {
  const opened = useSignal(false);
  return (
    <details
      class="tool"
      onToggle={(event) => {
        if (event.currentTarget.open) opened.value = true;
      }}
    >
      <summary>
        <Icon name={icon} small />
        <span>{title}</span>
        <Icon name="chev" small />
      </summary>
      {opened.value ? <div class="tool-body">{children}</div> : null}
    </details>
  );
}
