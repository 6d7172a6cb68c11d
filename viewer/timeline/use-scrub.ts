import { useRef } from 'preact/hooks';
import type { TargetedPointerEvent } from 'preact';

type Handler = (event: TargetedPointerEvent<HTMLElement>) => void;

/** Pointer handlers of a ruler that is dragged along: `onShare` is called with 0 at its left end to 1 at its right. */
export function useScrub(
  onShare: (share: number) => void,
): Record<'onPointerDown' | 'onPointerMove', Handler> {
  // Measured once a drag: to ask at every move would lay the page out anew each time.
  const track = useRef({ left: 0, width: 1 });
  const tell = ({ clientX }: PointerEvent): void => {
    const { left, width } = track.current;
    onShare(Math.max(0, Math.min(1, (clientX - left) / Math.max(1, width))));
  };
  return {
    onPointerDown(event) {
      if (event.button !== 0) return;
      const { currentTarget } = event;
      track.current = (currentTarget.querySelector('.in') ?? currentTarget).getBoundingClientRect();
      currentTarget.setPointerCapture(event.pointerId);
      tell(event);
    },
    onPointerMove(event) {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) tell(event);
    },
  };
}
