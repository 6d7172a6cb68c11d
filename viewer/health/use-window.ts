import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

/** Which rows of a long list are near the screen: from `start` to before `end`. */
export interface ListWindow {
  list: RefObject<HTMLElement>;
  start: number;
  end: number;
}

/** Rows kept ready above and below the screen. */
const SPARE = 8;

/** Follows scrolling and draws only the rows of `count` that are near the screen; all are `rowPx` high. */
export function useWindow(count: number, rowPx: number): ListWindow {
  const list = useRef<HTMLElement>(null);
  const [first, setFirst] = useState(0);
  const [rows, setRows] = useState(Math.ceil(innerHeight / rowPx));
  useLayoutEffect(() => {
    let frame = 0;
    const look = (): void => {
      frame = 0;
      const top = list.current?.getBoundingClientRect().top ?? 0;
      setFirst(Math.max(0, Math.floor(-top / rowPx)));
      setRows(Math.ceil(innerHeight / rowPx));
    };
    const soon = (): void => {
      frame ||= requestAnimationFrame(look);
    };
    look();
    document.addEventListener('scroll', soon, { capture: true, passive: true });
    addEventListener('resize', soon);
    return () => {
      cancelAnimationFrame(frame);
      document.removeEventListener('scroll', soon, { capture: true });
      removeEventListener('resize', soon);
    };
  }, [rowPx]);
  const start = Math.max(0, Math.min(first, count - 1) - SPARE);
  return { list, start, end: Math.min(count, Math.min(first, count) + rows + SPARE) };
}
