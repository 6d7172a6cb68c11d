import type { PictureQuality } from '../../contract/snapshot.ts';
import type { ViewComparison } from './view-comparison.ts';

/** A verdict, why in plain words (null for `ok`), and whether the view was seen to be the reference's. */
export interface Judgement {
  verdict: PictureQuality['verdict'];
  why: string | null;
  view: ViewComparison | null;
}
