import { coarseEdgeField, edgeField } from './edge-field.ts';
import { agreementAtRest, chanceAgreement, findAlignment } from './find-alignment.ts';
import type { Alignment, ViewFields } from './find-alignment.ts';
import { columns, rows } from './picture-facts.ts';
import { quality } from './quality-thresholds.ts';
import { tilesLeft } from './tiles-left.ts';

/** A picture that a view is held against. */
export interface ReferenceView {
  cells: Uint8Array;
  luma: number;
  /** How far it lies itself from the first reference, in cells: small drifts add up. */
  drift: { x: number; y: number };
}

/** The same view, another one, or nobody can tell (fog, darkness, another light). */
export type ViewComparison =
  | { kind: 'same'; drift: { x: number; y: number } }
  | { kind: 'moved'; by: ViewChange }
  | { kind: 'unclear'; agrees: boolean };

/** How a view has changed, in shares of the picture's width and height; null when nothing of the old view is in sight. */
export type ViewChange = { x: number; y: number; rollDeg: number; zoom: number } | null;

/** Holds the picture against the references, the one most alike in light first. */
export function compareView(
  references: readonly ReferenceView[],
  cells: Uint8Array,
  luma: number,
): ViewComparison {
  const { moved } = quality;
  const now = fieldsOf(cells);
  const order = references.toSorted((a, b) => Math.abs(a.luma - luma) - Math.abs(b.luma - luma));
  const near = order.slice(0, quality.references.compared);
  let nearest: { fields: ViewFields; chance: number; atRest: number } | undefined;
  for (const reference of near) {
    const fields = fieldsOf(reference.cells);
    const chance = chanceAgreement(fields, now);
    const rest = agreementAtRest(fields, now, moved.sway, chance, moved.better);
    if (rest.score >= moved.same) return sameView(reference, rest);
    nearest ??= { fields, chance, atRest: rest.score };
  }
  const [first] = near;
  const edges = now.fine.xs.length;
  if (!first || !nearest || edges < moved.leastEdges) return { kind: 'unclear', agrees: false };
  const found = findAlignment(nearest.fields, now, nearest.chance);
  if (found.score >= moved.found && found.score - nearest.atRest >= moved.better && isFar(found))
    return { kind: 'moved', by: changeOf(found) };
  const both = Math.min(edges, nearest.fields.fine.xs.length);
  if (nearest.atRest < moved.otherView.agreement && isOtherView(first, cells, luma, both))
    return { kind: 'moved', by: null };
  return { kind: 'unclear', agrees: nearest.atRest >= moved.found };
}

/** Says in plain words how the view has changed. */
export function viewChangeText(by: ViewChange): string {
  if (!by) return 'the view has nothing in common with the reference picture';
  const percent = (share: number): string => `${Math.round(Math.abs(share) * 100)} %`;
  const parts = [
    Math.abs(by.x) >= 0.01 && `${percent(by.x)} of the width to the ${by.x > 0 ? 'right' : 'left'}`,
    Math.abs(by.y) >= 0.01 && `${percent(by.y)} of the height ${by.y > 0 ? 'down' : 'up'}`,
    Math.abs(by.rollDeg) >= 1 && `turned by ${Math.round(Math.abs(by.rollDeg))}°`,
    Math.abs(by.zoom - 1) >= 0.05 && (by.zoom > 1 ? 'closer' : 'wider'),
  ].filter((part) => part !== false);
  return `the picture lies ${parts.join(', ')} against the reference picture`;
}

/** Nothing agrees: another view when both show enough in the same light, and no fog or cover hides what was there. */
function isOtherView(reference: ReferenceView, cells: Uint8Array, luma: number, edges: number): boolean {
  const { edges: enough, lumaApart, hidden, traced } = quality.moved.otherView;
  if (edges < enough || Math.abs(reference.luma - luma) >= lumaApart) return false;
  const left = tilesLeft(reference.cells, cells);
  return left !== null && left.hidden < hidden && left.traced < traced;
}

function sameView(reference: ReferenceView, rest: { dx: number; dy: number }): ViewComparison {
  const drift = { x: reference.drift.x + rest.dx, y: reference.drift.y + rest.dy };
  if (Math.hypot(drift.x, drift.y) <= quality.moved.drift) return { kind: 'same', drift };
  return { kind: 'moved', by: { x: drift.x / columns, y: drift.y / rows, rollDeg: 0, zoom: 1 } };
}

function isFar({ dx, dy, rollDeg, zoom }: Alignment): boolean {
  const { sway } = quality.moved;
  // A mast sways; autofocus zooms by a hundredth or two.
  return Math.hypot(dx, dy) > sway || Math.abs(rollDeg) >= 2 || Math.abs(zoom - 1) >= 0.04;
}

function changeOf({ dx, dy, rollDeg, zoom }: Alignment): ViewChange {
  return { x: dx / columns, y: dy / rows, rollDeg, zoom };
}

function fieldsOf(cells: Uint8Array): ViewFields {
  const { leastEdge } = quality.moved;
  const { textRows } = quality;
  return { fine: edgeField(cells, leastEdge, textRows), coarse: coarseEdgeField(cells, leastEdge, textRows) };
}
