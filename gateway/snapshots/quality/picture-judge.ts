import type { Database } from '../../base/database.ts';
import { judgePicture } from './judge-picture.ts';
import type { Judgement } from './judgement.ts';
import { MemoryStore } from './memory-store.ts';
import type { PictureFacts } from './picture-facts.ts';
import { confirmView, rememberPicture } from './picture-memory.ts';
import type { LearntView } from './picture-memory.ts';
import { quality } from './quality-thresholds.ts';
import { repetitionOf } from './repeated-picture.ts';

/** A judgement whose picture is not on record yet: `keep` with its id once it is, so that later ones are held against it. */
export interface PendingJudgement extends Judgement {
  keep(snapshotId: string): Promise<void>;
}

/** Takes one more picture of the camera; undefined when none can be had. */
export type AnotherLook = () => Promise<PictureFacts | undefined>;

/** Judges pictures by what is remembered of their cameras. One for the gateway. */
export class PictureJudge {
  readonly #store: MemoryStore;

  constructor(database: Database) {
    this.#store = new MemoryStore(database);
  }

  /** `lookAgain` settles whether a picture like the last is a frozen one: a running camera shows another a moment later. */
  async judge(
    cameraId: string,
    picture: { facts: PictureFacts; takenAtMs: number; learns: boolean },
    lookAgain: AnotherLook,
  ): Promise<PendingJudgement> {
    const { facts, takenAtMs } = picture;
    const memory = await this.#store.get(cameraId);
    let judgement = judgePicture(facts, memory);
    if (judgement.verdict === 'frozen' && (await isAlive(facts, lookAgain)))
      judgement = judgePicture(facts, { ...memory, recent: [] });
    const keep = async (snapshotId: string): Promise<void> => {
      // A confirmation may have come in between.
      const before = await this.#store.get(cameraId);
      const after = rememberPicture(before, facts, judgement, { snapshotId, takenAtMs });
      const kept = picture.learns ? after : { ...after, views: before.views };
      await this.#store.put(cameraId, kept, before);
    };
    return { ...judgement, keep };
  }

  /** References of the camera, those confirmed first. */
  async references(cameraId: string): Promise<LearntView[]> {
    const { views } = await this.#store.get(cameraId);
    return views.toSorted((a, b) => Number(b.confirmed) - Number(a.confirmed) || b.takenAtMs - a.takenAtMs);
  }

  /** From now on the view of this picture is the right one. */
  async confirm(
    cameraId: string,
    facts: PictureFacts,
    picture: { snapshotId: string; takenAtMs: number },
  ): Promise<void> {
    const before = await this.#store.get(cameraId);
    await this.#store.put(cameraId, confirmView(before, facts, picture), before);
  }

  /** Forgets all references; the next good pictures become new ones. */
  async forgetReferences(cameraId: string): Promise<void> {
    const before = await this.#store.get(cameraId);
    await this.#store.put(cameraId, { ...before, views: [], focus: [] }, before);
  }

  forget(cameraId: string): Promise<void> {
    return this.#store.forget(cameraId);
  }
}

async function isAlive(facts: PictureFacts, lookAgain: AnotherLook): Promise<boolean> {
  for (let looks = 0; looks < quality.frozen.looks; looks += 1) {
    const other = await lookAgain();
    if (!other) return false;
    const { equal, changed } = repetitionOf(facts, other);
    if (changed || equal === 0) return true;
  }
  return false;
}
