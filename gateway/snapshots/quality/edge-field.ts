import { columns, rows } from './picture-facts.ts';

/** Directions of a picture's edges as unit vectors of twice the angle, so that bright-to-dark and dark-to-bright are alike. */
export interface EdgeField {
  width: number;
  height: number;
  real: Float32Array;
  imaginary: Float32Array;
  /** Places that have an edge. */
  xs: Uint8Array;
  ys: Uint8Array;
}

/** The edges of the cells that stand out by `least` over two cells; `textRows` above and below are left out. */
export function edgeField(cells: Uint8Array, least: number, textRows: number): EdgeField {
  return fieldOf(cells, columns, rows, least, textRows);
}

/** The same at half the size. */
export function coarseEdgeField(cells: Uint8Array, least: number, textRows: number): EdgeField {
  const [width, height] = [columns / 2, rows / 2];
  const halved = new Float32Array(width * height);
  for (let at = 0; at < halved.length; at += 1) {
    const from = Math.floor(at / width) * 2 * columns + (at % width) * 2;
    const below = from + columns;
    halved[at] =
      ((cells[from] ?? 0) + (cells[from + 1] ?? 0) + (cells[below] ?? 0) + (cells[below + 1] ?? 0)) / 4;
  }
  return fieldOf(halved, width, height, least, Math.ceil(textRows / 2));
}

function fieldOf(
  cells: Uint8Array | Float32Array,
  width: number,
  height: number,
  least: number,
  textRows: number,
): EdgeField {
  const real = new Float32Array(cells.length);
  const imaginary = new Float32Array(cells.length);
  const xs: number[] = [];
  const ys: number[] = [];
  for (let y = Math.max(1, textRows); y < height - Math.max(1, textRows); y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const across = (cells[at + 1] ?? 0) - (cells[at - 1] ?? 0);
      const down = (cells[at + width] ?? 0) - (cells[at - width] ?? 0);
      const squared = across * across + down * down;
      if (squared < least * least) continue;
      real[at] = (across * across - down * down) / squared;
      imaginary[at] = (2 * across * down) / squared;
      xs.push(x);
      ys.push(y);
    }
  }
  return { width, height, real, imaginary, xs: Uint8Array.from(xs), ys: Uint8Array.from(ys) };
}
