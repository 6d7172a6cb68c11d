import { exposureFault } from './exposure-verdict.ts';
import type { Judgement } from './judgement.ts';
import type { PictureFacts } from './picture-facts.ts';
import type { LearntView, PictureMemory } from './picture-memory.ts';
import { quality } from './quality-thresholds.ts';
import { isRepeated } from './repeated-picture.ts';
import { smoothShare, tilesLeft } from './tiles-left.ts';
import { compareView, viewChangeText } from './view-comparison.ts';

/** Judges a picture by itself and by what is remembered of its camera. Pure; `rememberPicture` gives the memory after it. */
export function judgePicture(facts: PictureFacts, memory: PictureMemory): Judgement {
  const plain = (verdict: Judgement['verdict'], why: string): Judgement => ({ verdict, why, view: null });
  const light = exposureFault(facts);
  if (light === 'black')
    return plain('black', 'there is no light in the picture: lens cap, no lamp, or no signal');
  if (light === 'card')
    return plain('covered', 'the picture is one even colour: no signal, or the lens is covered');
  if (isRepeated(facts, memory.recent))
    return plain('frozen', 'the camera sends the same picture again and again');
  if (light === 'overexposed') return plain('overexposed', 'most of the picture is burnt out');
  const hidden = hiddenPart(facts, memory.views);
  if (hidden !== null)
    return plain(
      'covered',
      `something smooth hides ${Math.round(hidden * 100)} % of the view: clean or free the lens`,
    );
  const blurred = isBlurred(facts.focus, memory.focus);
  const view = compareView(memory.views, facts.cells, facts.luma);
  if (blurred) return { ...plain('blurred', 'no edge is sharp: focus or clean the lens'), view };
  if (view.kind !== 'moved') return { verdict: 'ok', why: null, view };
  return { verdict: 'moved', why: viewChangeText(view.by), view };
}

/** The share that is hidden, null when it is too little to say so. */
function hiddenPart(facts: PictureFacts, views: readonly LearntView[]): number | null {
  const { share, withoutReference } = quality.covered;
  const [nearest] = views.toSorted((a, b) => Math.abs(a.luma - facts.luma) - Math.abs(b.luma - facts.luma));
  if (!nearest) {
    const smooth = smoothShare(facts.cells);
    return smooth >= withoutReference ? smooth : null;
  }
  // A cover changes the light as well: each reference may be the one of this hour.
  const hidden = views.flatMap((view) => tilesLeft(view.cells, facts.cells)?.hidden ?? []);
  const least = Math.min(...hidden);
  return hidden.length > 0 && least >= share ? least : null;
}

function isBlurred(focus: number | null, usual: readonly number[]): boolean {
  const { focus: least, ofUsual, usualAfter } = quality.blurred;
  if (focus === null) return false;
  if (usual.length < usualAfter) return focus < least;
  const middle = usual.toSorted((a, b) => a - b)[usual.length >> 1] ?? 1;
  return focus < Math.min(least, middle * ofUsual);
}
