import type { EdgeField } from './edge-field.ts';

/** How a view has changed: shift in cells, turned about the middle, zoomed. */
export interface Alignment {
  dx: number;
  dy: number;
  rollDeg: number;
  zoom: number;
  /** Agreement of the edges there, less what chance gives: about 0 … 1. */
  score: number;
}

/** Two fields of one picture: all cells, and half as many each way. */
export interface ViewFields {
  fine: EdgeField;
  coarse: EdgeField;
}

const ROLLS_DEG = [-9, -6, -3.5, 0, 3.5, 6, 9];
const ZOOMS = [0.7, 0.78, 0.87, 0.93, 1, 1.07, 1.15, 1.28, 1.42];
/** Of the places of a field one in so many is asked while rolls and zooms are tried: it is the dearest part. */
const SAMPLE = 8;

/**
 * Agreement where the view has not changed by more than `sway` cells, less `chance`; the place is other than 0, 0 only when
 * it is better by `better`.
 */
export function agreementAtRest(
  reference: ViewFields,
  now: ViewFields,
  sway: number,
  chance: number,
  better: number,
): { score: number; dx: number; dy: number } {
  const at = (dx: number, dy: number): number =>
    agreement(reference.fine, now.fine, { dx, dy, rollDeg: 0, zoom: 1 }, 1);
  const still = at(0, 0);
  const best = { score: still, dx: 0, dy: 0 };
  for (let dy = -1; dy <= 1; dy += 1) {
    for (let dx = -sway; dx <= sway; dx += 1) {
      const score = at(dx, dy);
      if (score > best.score) Object.assign(best, { score, dx, dy });
    }
  }
  const place = best.score - still >= better ? { dx: best.dx, dy: best.dy } : { dx: 0, dy: 0 };
  return { score: best.score - chance, ...place };
}

/** What two pictures agree by chance: the middle of all shifts, for edges are mostly level or upright everywhere. */
export function chanceAgreement(reference: ViewFields, now: ViewFields): number {
  const all: number[] = [];
  for (let dy = -9; dy <= 9; dy += 3)
    for (let dx = -16; dx <= 16; dx += 4)
      all.push(agreement(reference.coarse, now.coarse, { dx, dy, rollDeg: 0, zoom: 1 }, 1));
  return Math.max(0, all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0);
}

/** The shift up to a quarter of the picture, or the roll and zoom, that lays `now` on `reference` best. */
export function findAlignment(reference: ViewFields, now: ViewFields, chance: number): Alignment {
  const shift = bestShift(reference, now);
  const turned = bestTurn(reference, now, shift);
  const best = shift.score >= turned.score ? shift : turned;
  return { ...best, score: best.score - chance };
}

function bestShift(reference: ViewFields, now: ViewFields): Alignment {
  let best: Alignment = { dx: 0, dy: 0, rollDeg: 0, zoom: 1, score: -1 };
  const rough = { ...best };
  for (let dy = -9; dy <= 9; dy += 1) {
    for (let dx = -16; dx <= 16; dx += 1) {
      const score = agreement(reference.coarse, now.coarse, { dx, dy, rollDeg: 0, zoom: 1 }, 1);
      if (score > rough.score) Object.assign(rough, { dx, dy, score });
    }
  }
  for (let dy = rough.dy * 2 - 2; dy <= rough.dy * 2 + 2; dy += 1) {
    for (let dx = rough.dx * 2 - 2; dx <= rough.dx * 2 + 2; dx += 1) {
      const tried = { dx, dy, rollDeg: 0, zoom: 1 };
      const score = agreement(reference.fine, now.fine, tried, 1);
      if (score > best.score) best = { ...tried, score };
    }
  }
  return best;
}

function bestTurn(reference: ViewFields, now: ViewFields, from: Alignment): Alignment {
  let rough: Alignment = { ...from, score: -1 };
  for (const rollDeg of ROLLS_DEG) {
    for (const zoom of ZOOMS) {
      if (rollDeg === 0 && zoom === 1) continue;
      for (let dy = -4; dy <= 4; dy += 2) {
        for (let dx = -4; dx <= 4; dx += 2) {
          const tried = { dx, dy, rollDeg, zoom };
          const score = agreement(reference.fine, now.fine, tried, SAMPLE);
          if (score > rough.score) rough = { ...tried, score };
        }
      }
    }
  }
  let best = { ...rough, score: -1 };
  for (const rollDeg of [rough.rollDeg - 1, rough.rollDeg, rough.rollDeg + 1]) {
    for (const zoom of [rough.zoom * 0.97, rough.zoom, rough.zoom * 1.03]) {
      for (let dy = rough.dy - 1; dy <= rough.dy + 1; dy += 1) {
        for (let dx = rough.dx - 1; dx <= rough.dx + 1; dx += 1) {
          const tried = { dx, dy, rollDeg, zoom };
          const score = agreement(reference.fine, now.fine, tried, 3);
          if (score > best.score) best = { ...tried, score };
        }
      }
    }
  }
  return best;
}

/** How well the edges of both agree, 0 by chance (nearly) … 1, over what both show. */
function agreement(
  { width, height, real, imaginary, xs, ys }: EdgeField,
  now: EdgeField,
  { dx, dy, rollDeg, zoom }: Omit<Alignment, 'score'>,
  step: number,
): number {
  const roll = (rollDeg * Math.PI) / 180;
  const cos = Math.cos(roll) * zoom;
  const sin = Math.sin(roll) * zoom;
  const turnReal = Math.cos(2 * roll);
  const turnImaginary = Math.sin(2 * roll);
  // The middle stays where it is; half a cell rounds.
  const baseX = width / 2 + dx + 0.5 - (width / 2) * cos + (height / 2) * sin;
  const baseY = height / 2 + dy + 0.5 - (width / 2) * sin - (height / 2) * cos;
  const theirReal = now.real;
  const theirImaginary = now.imaginary;
  let sum = 0;
  let own = 0;
  for (let n = 0; n < xs.length; n += step) {
    const x = xs[n]!;
    const y = ys[n]!;
    const toX = (baseX + x * cos - y * sin) | 0;
    const toY = (baseY + x * sin + y * cos) | 0;
    if (toX < 1 || toX >= width || toY < 1 || toY >= height) continue;
    own += 1;
    const to = toY * width + toX;
    const a = theirReal[to]!;
    const b = theirImaginary[to]!;
    if (a === 0 && b === 0) continue;
    const at = y * width + x;
    const r = real[at]!;
    const i = imaginary[at]!;
    sum += (r * turnReal - i * turnImaginary) * a + (r * turnImaginary + i * turnReal) * b;
  }
  own *= step;
  // What only one of the two shows (fog, snow, a crane, lamps) is no sign against it.
  const theirs = (now.xs.length * own) / Math.max(1, xs.length);
  const fewer = Math.min(own, theirs);
  return fewer < 1 ? 0 : (sum * step) / Math.max(fewer, 0.02 * width * height);
}
