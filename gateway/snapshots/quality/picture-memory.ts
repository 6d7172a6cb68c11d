import type { Judgement } from './judgement.ts';
import type { PictureFacts } from './picture-facts.ts';
import { quality } from './quality-thresholds.ts';
import type { Signature } from './repeated-picture.ts';
import type { ReferenceView } from './view-comparison.ts';

/** A reference picture: confirmed by a technician or learnt from good pictures. */
export interface LearntView extends ReferenceView {
  snapshotId: string;
  takenAtMs: number;
  confirmed: boolean;
}

/** What is remembered of a camera; bounded, some 100 kB. */
export interface PictureMemory {
  views: LearntView[];
  /** The last pictures that lie minutes apart, newest first. */
  recent: (Signature & { takenAtMs: number })[];
  /** Focus of the last good pictures, newest first. */
  focus: number[];
}

/** Of a camera that has never been seen. */
export const noMemory: PictureMemory = { views: [], recent: [], focus: [] };

const FOCUS_KEPT = 40;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The memory after a picture and its judgement. */
export function rememberPicture(
  memory: PictureMemory,
  facts: PictureFacts,
  { verdict, view }: Judgement,
  picture: { snapshotId: string; takenAtMs: number },
): PictureMemory {
  const { cells, blocks, focus } = facts;
  const { takenAtMs } = picture;
  const last = memory.recent[0]?.takenAtMs ?? -Infinity;
  // Pictures of one moment (taken by hand, or made up for) prove nothing of a site where nothing moves.
  const isApart = Math.abs(takenAtMs - last) >= quality.frozen.minutesApart * MINUTE_MS;
  const recent = isApart
    ? [{ cells, blocks, takenAtMs }, ...memory.recent].slice(0, quality.frozen.pictures - 1)
    : memory.recent;
  if (verdict !== 'ok') return { ...memory, recent };
  const kept = focus === null ? memory.focus : [focus, ...memory.focus].slice(0, FOCUS_KEPT);
  const views = learn(memory.views, facts, view, picture);
  return { views, recent, focus: kept };
}

/** The memory when a technician has confirmed a picture: all that was learnt before showed another view. */
export function confirmView(
  memory: PictureMemory,
  facts: PictureFacts,
  picture: { snapshotId: string; takenAtMs: number },
): PictureMemory {
  const { cells, luma, focus } = facts;
  const view = { ...picture, cells, luma, confirmed: true, drift: { x: 0, y: 0 } };
  return {
    views: [view],
    recent: memory.recent,
    focus: focus === null ? [] : Array(quality.blurred.usualAfter).fill(focus),
  };
}

/** A good picture in a light that no reference has becomes one; what was learnt by itself is renewed each day, for sites grow. */
function learn(
  views: readonly LearntView[],
  { cells, luma }: PictureFacts,
  view: Judgement['view'],
  picture: { snapshotId: string; takenAtMs: number },
): LearntView[] {
  const { most, lumaApart, renewAfterHours } = quality.references;
  const drift = view?.kind === 'same' ? view.drift : { x: 0, y: 0 };
  const sure = views.length === 0 || view?.kind === 'same' || (view?.kind === 'unclear' && view.agrees);
  if (!sure) return [...views];
  const added = { ...picture, cells, luma, confirmed: false, drift };
  const alike = views.filter((one) => Math.abs(one.luma - luma) < lumaApart);
  if (alike.length === 0) return bounded([...views, added], most);
  const stale = alike.find(
    (one) => !one.confirmed && picture.takenAtMs - one.takenAtMs >= renewAfterHours * HOUR_MS,
  );
  const only = alike.every(
    (one) => one.confirmed && picture.takenAtMs - one.takenAtMs >= renewAfterHours * HOUR_MS,
  );
  if (stale) return [...views.filter((one) => one !== stale), added];
  return only ? bounded([...views, added], most) : [...views];
}

/** The oldest that nobody has confirmed gives way. */
function bounded(views: LearntView[], most: number): LearntView[] {
  if (views.length <= most) return views;
  const oldest = views.filter((one) => !one.confirmed).toSorted((a, b) => a.takenAtMs - b.takenAtMs)[0];
  return views.filter((one) => one !== oldest);
}
