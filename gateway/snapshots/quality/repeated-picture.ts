import type { PictureFacts } from './picture-facts.ts';
import { blockColumns, blockRows, columns, rows } from './picture-facts.ts';
import { quality } from './quality-thresholds.ts';

/** What two pictures have in common to the last bit. */
export interface Repetition {
  /** Share of structured blocks that are equal, 0 … 1; a sensor's noise leaves none, even strongly compressed. */
  equal: number;
  /** Something has visibly changed outside the bands of burnt-in texts. */
  changed: boolean;
}

/** Compares two pictures outside the bands above and below in which a clock may run. */
export function repetitionOf(first: Signature, second: Signature): Repetition {
  const { leastBlocks, changedBy, changedCells } = quality.frozen;
  const skippedRows = Math.ceil((quality.textRows * blockRows) / rows);
  let [structured, equal, changed] = [0, 0, 0];
  for (let at = skippedRows * blockColumns; at < (blockRows - skippedRows) * blockColumns; at += 1) {
    if (first.blocks[at] === 0 || second.blocks[at] === 0) continue;
    structured += 1;
    if (first.blocks[at] === second.blocks[at]) equal += 1;
  }
  for (let at = quality.textRows * columns; at < (rows - quality.textRows) * columns; at += 1)
    if (Math.abs((first.cells[at] ?? 0) - (second.cells[at] ?? 0)) > changedBy) changed += 1;
  return {
    equal: structured < leastBlocks ? 0 : equal / structured,
    changed: changed > changedCells,
  };
}

/** The parts of a picture's facts that are compared; what is kept of each of the last pictures. */
export type Signature = Pick<PictureFacts, 'cells' | 'blocks'>;

/**
 * True when the encoder gives the same picture again and again: this one and those before it, the newest first. Nothing may
 * have changed among `pictures` of them, and two of their three pairs must agree in some blocks: an encoder that works at
 * another quantizer each time leaves few blocks equal.
 */
export function isRepeated(now: Signature, before: readonly Signature[]): boolean {
  const { equal, pictures } = quality.frozen;
  const [last, previous, first] = [now, ...before].slice(0, pictures);
  if (!last || !previous || !first) return false;
  const pairs = [repetitionOf(last, previous), repetitionOf(previous, first), repetitionOf(last, first)];
  const alike = pairs.filter((pair) => pair.equal >= equal).length;
  return alike >= 2 && pairs.every((pair) => !pair.changed);
}
