import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Tile } from './sheet-shelf.ts';

/** A thumbnail drawn from its sheet; an empty place until the sheet is here. */
export function TileCanvas({ tile, label }: { tile: Tile | null; label?: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const drawing = canvas.current?.getContext('2d', { alpha: true });
    if (!drawing) return;
    if (tile === null) drawing.clearRect(0, 0, drawing.canvas.width, drawing.canvas.height);
    else {
      const { x, y, width, height } = tile;
      const bitmap = tile.bitmap as ImageBitmap;
      drawing.drawImage(bitmap, x, y, width, height, 0, 0, drawing.canvas.width, drawing.canvas.height);
    }
  }, [tile?.bitmap, tile?.x, tile?.y]);
  return (
    <canvas
      ref={canvas}
      class={tile === null ? 'timeline-tile g-skel' : 'timeline-tile'}
      width={160}
      height={90}
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined ? 'true' : undefined}
    />
  );
}
