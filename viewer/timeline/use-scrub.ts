import { useCallback } from 'preact/hooks';
import type { TargetedPointerEvent } from 'preact';

type Handler = (event: TargetedPointerEvent<HTMLElement>) => void;

/** Pointer handlers of a ruler that is dragged along: `onShare` is called with 0 at its left end to 1 at its right. */
export function useScrub(
  onShare: (share: number) => void,
): Record<'onPointerDown' | 'onPointerMove', Handler> {
  const tell = useCallback<Handler>(
    ({ currentTarget, clientX }) => {
      const inner = currentTarget.querySelector('.in') ?? currentTarget;
      const { left, width } = inner.getBoundingClientRect();
      onShare(Math.max(0, Math.min(1, (clientX - left) / Math.max(1, width))));
    },
    [onShare],
  );
  return {
    onPointerDown(event) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      tell(event);
    },
    onPointerMove(event) {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) tell(event);
    },
  };
}
