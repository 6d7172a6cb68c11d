import { useEffect } from 'preact/hooks';
import type { TimelineStore } from './timeline-store.ts';

const FIELDS = 'input, select, textarea, [contenteditable]';

/** `← →` picture, `↑ ↓` day, C compare, Space play, `/` search, Esc back to one picture; PageUp and PageDown a month. */
export function useTimelineKeys(store: TimelineStore, onSearch: (open: boolean) => void): void {
  useEffect(() => {
    const actions: Record<string, () => void> = {
      ArrowLeft: () => store.step(-1),
      ArrowRight: () => store.step(1),
      ArrowUp: () => store.turnDay(-1),
      ArrowDown: () => store.turnDay(1),
      Home: () => store.select(0),
      End: () => store.select(store.index.value.length - 1),
      c: () => store.show(store.mode.value === 'compare' ? 'one' : 'compare'),
      ' ': () => store.play(!store.playing.value),
      '/': () => onSearch(true),
      Escape: () => {
        onSearch(false);
        store.play(false);
        store.show('one');
      },
    };
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || target.closest(`${FIELDS}, dialog`)) return;
      // Space presses the button that has the focus.
      if (event.key === ' ' && target.closest('button, a, video')) return;
      const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [store, onSearch]);
}
