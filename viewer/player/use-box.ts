import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Signal } from '@preact/signals';
import type { RefObject } from 'preact';

/** An element's width in CSS pixels and whether it is on screen. */
export interface Box {
  ref: RefObject<HTMLDivElement>;
  widthPx: Signal<number>;
  onScreen: Signal<boolean>;
}

/** Watches the element that `ref` is given to. */
export function useBox(): Box {
  const ref = useRef<HTMLDivElement>(null);
  const widthPx = useSignal(0);
  const onScreen = useSignal(false);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const size = new ResizeObserver(([entry]) => {
      widthPx.value = Math.round(entry?.contentRect.width ?? 0);
    });
    const sight = new IntersectionObserver((entries) => {
      onScreen.value = entries.at(-1)?.isIntersecting ?? false;
    });
    widthPx.value = element.clientWidth;
    size.observe(element);
    sight.observe(element);
    return () => {
      size.disconnect();
      sight.disconnect();
    };
  }, [widthPx, onScreen]);
  return { ref, widthPx, onScreen };
}
