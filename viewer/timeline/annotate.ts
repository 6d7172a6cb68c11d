import { gateway } from '../api/gateway.ts';
import { problemText } from '../api/problem-text.ts';
import { translate } from '../i18n/translate.ts';
import { say } from '../shell/toast.tsx';
import type { Snapshot } from '../../gateway/contract/snapshot.ts';
import type { SnapshotPatch } from '../../gateway/contract/timeline.ts';
import type { TimelineStore } from './timeline-store.ts';

/** Changes a picture's note, step or pick, says so, and offers for six seconds to take it back; false when it failed. */
export async function annotate(
  store: TimelineStore,
  snapshot: Snapshot,
  patch: SnapshotPatch,
  words: string,
): Promise<boolean> {
  const before: SnapshotPatch = {};
  if (patch.note !== undefined) before.note = snapshot.note;
  if (patch.milestoneId !== undefined) before.milestoneId = snapshot.milestoneId;
  if (patch.picked !== undefined) before.picked = snapshot.picked;
  const changed = await change(store, snapshot.id, patch);
  if (changed) {
    say(words, {
      label: translate('timeline.undo'),
      run: () =>
        void change(store, snapshot.id, before).then((done) => done && say(translate('timeline.undone'))),
    });
  }
  return changed;
}

async function change(store: TimelineStore, id: string, patch: SnapshotPatch): Promise<boolean> {
  try {
    store.take(await gateway.annotate(id, patch));
    return true;
  } catch (error) {
    say(problemText(error));
    return false;
  }
}
