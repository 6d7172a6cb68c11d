import { columns, rows } from './picture-facts.ts';
import { quality } from './quality-thresholds.ts';

/** Cells along each side of a tile. */
const SIDE = 8;
const TILE_COLUMNS = columns / SIDE;
const TILE_ROWS = rows / SIDE;

/** What a tile shows beside an even shade: deviations of its cells from a plane, their size, and its mean. */
interface TileStructure {
  residual: Float32Array;
  deviation: number;
  mean: number;
}

/** What became of the tiles of a reference that had structure, in shares of them. */
export interface TilesLeft {
  /** Now a smooth surface without a trace of what was there. */
  hidden: number;
  /** Still there, be it faintly as in fog or out of focus. */
  traced: number;
}

/** Compares a picture with a reference of the same view, tile by tile; null when the reference shows too little. */
export function tilesLeft(reference: Uint8Array, now: Uint8Array): TilesLeft | null {
  const { had, left, most, alike, darkLuma, tiles } = quality.covered;
  let [structured, hidden, traced] = [0, 0, 0];
  eachTile((row, column) => {
    const before = structureOf(reference, row, column);
    if (before.deviation < had) return;
    const after = structureOf(now, row, column);
    structured += 1;
    if (likeness(before, after) >= alike) {
      traced += 1;
      return;
    }
    // What lies in the dark at night is not covered.
    if (after.mean < darkLuma && before.mean - after.mean > darkLuma / 3) return;
    if (after.deviation < Math.min(most, before.deviation * left)) hidden += 1;
  });
  return structured < tiles ? null : { hidden: hidden / structured, traced: traced / structured };
}

/** Share of the picture that is smooth; for a camera of which nothing is known yet. */
export function smoothShare(now: Uint8Array): number {
  let [all, smooth] = [0, 0];
  eachTile((row, column) => {
    all += 1;
    const { deviation, mean } = structureOf(now, row, column);
    // The dark around a few lamps is no cover.
    if (deviation < quality.covered.most && mean >= quality.covered.darkLuma) smooth += 1;
  });
  return smooth / all;
}

/** All tiles but those of the rows that may hold burnt-in texts. */
function eachTile(visit: (row: number, column: number) => void): void {
  for (let row = 1; row < TILE_ROWS - 1; row += 1)
    for (let column = 0; column < TILE_COLUMNS; column += 1) visit(row, column);
}

function structureOf(cells: Uint8Array, row: number, column: number): TileStructure {
  const middle = (SIDE - 1) / 2;
  const spread = (SIDE * SIDE * (SIDE * SIDE - 1)) / 12; // Σ (x − middle)² over the tile
  let [sum, across, down] = [0, 0, 0];
  const first = row * SIDE * columns + column * SIDE;
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      const value = cells[first + y * columns + x] ?? 0;
      sum += value;
      across += value * (x - middle);
      down += value * (y - middle);
    }
  }
  const mean = sum / (SIDE * SIDE);
  const [slopeX, slopeY] = [across / spread, down / spread];
  const residual = new Float32Array(SIDE * SIDE);
  let squares = 0;
  for (let at = 0; at < residual.length; at += 1) {
    const [x, y] = [at % SIDE, Math.floor(at / SIDE)];
    const value = cells[first + y * columns + x] ?? 0;
    const rest = value - mean - slopeX * (x - middle) - slopeY * (y - middle);
    residual[at] = rest;
    squares += rest * rest;
  }
  return { residual, deviation: Math.sqrt(squares / residual.length), mean };
}

function likeness(first: TileStructure, second: TileStructure): number {
  let product = 0;
  for (let at = 0; at < first.residual.length; at += 1)
    product += (first.residual[at] ?? 0) * (second.residual[at] ?? 0);
  const size = first.deviation * second.deviation * first.residual.length;
  return size < 1e-6 ? 0 : product / size;
}
