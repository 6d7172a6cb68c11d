import type { ComponentChildren } from 'preact';
import type { LampShape } from '../fleet/light-shape.ts';

/** A lamp alone: shape and colour; the word must stand beside it or in `label`. */
export function Lamp({ shape, label }: { shape: LampShape | 'done'; label?: string }) {
  return (
    <svg
      class="lamp"
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : 'true'}
    >
      <use href={`#l-${shape}`} />
    </svg>
  );
}

/** A lamp with its word; `tag` puts it on a soft ground. */
export function LampWord(props: { shape: LampShape | 'done'; tag?: boolean; children: ComponentChildren }) {
  return (
    <span class={`g-lamp ${props.shape}${props.tag ? ' tag' : ''}`}>
      <Lamp shape={props.shape} />
      <span>{props.children}</span>
    </span>
  );
}
