import type { IconName } from './icon-names.ts';

/** One icon of the sprite; decoration unless the control around it is labelled. */
export function Icon({
  name,
  small = false,
  large = false,
}: {
  name: IconName;
  small?: boolean;
  large?: boolean;
}) {
  return (
    <svg class={`i${small ? ' s' : ''}${large ? ' l' : ''}`} aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}

/** The mark of Gantry: frame and orange hook. */
export function Mark() {
  return (
    <svg aria-hidden="true">
      <use href="#mark" />
    </svg>
  );
}
