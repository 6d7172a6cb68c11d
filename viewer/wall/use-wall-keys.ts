import { useEffect } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { group, order, selected, tileCount, turnGroup } from './wall-store.ts';
import type { RefObject } from 'preact';

/** `1–9` select a tile, arrows move, Enter opens, F fills the screen, `/` searches, PageUp and PageDown turn groups. */
export function useWallKeys(box: RefObject<HTMLDivElement>): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    const actions: Record<string, (target: HTMLElement) => boolean> = {
      '/': focusSearch,
      f: () => fillScreen(box.current),
      PageDown: () => turn(1),
      PageUp: () => turn(-1),
      Enter: (target) => {
        const cameraId = order.value[selected.value];
        if (cameraId === undefined || target.closest('button, a')) return false;
        navigate(`/cameras/${cameraId}`);
        return true;
      },
    };
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      if (target.matches('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const handled = actions[key]?.(target) ?? (selectTile(key) || moveSelection(key, target));
      if (handled) event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [box, navigate]);
}

function focusSearch(): boolean {
  document.querySelector<HTMLInputElement>('.wall-find input')?.focus();
  return true;
}

function fillScreen(box: HTMLDivElement | null): boolean {
  void (document.fullscreenElement ? document.exitFullscreen() : box?.requestFullscreen());
  return true;
}

function turn(by: 1 | -1): boolean {
  turnGroup(by);
  return true;
}

function selectTile(key: string): boolean {
  const tile = Number(key);
  if (!/^[1-9]$/.test(key) || tile > tileCount.value) return false;
  selected.value = group.value * tileCount.value + tile - 1;
  return true;
}

function moveSelection(key: string, target: HTMLElement): boolean {
  const across = Math.max(1, Math.round(Math.sqrt(tileCount.value)));
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -across,
    ArrowDown: across,
  };
  const step = steps[key];
  if (step === undefined || target.closest('[role="tree"]')) return false;
  const first = group.value * tileCount.value;
  const next = selected.value + step;
  if (next >= first && next < first + tileCount.value) selected.value = next;
  return true;
}
