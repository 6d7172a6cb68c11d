import type { ProfileName } from '../contract/camera.ts';
import type { FeedFailureCode, FeedStatus } from '../ingest/feeds.ts';
import type { Observation } from './camera-state.ts';

/** Turns the news of one camera's streams into observations: one try, one observation. Lives as long as the camera is on the board. */
export class FeedTries {
  /** For each profile, whether a try is under way and what the last one failed with. */
  readonly #tries = new Map<ProfileName, { trying: boolean; code: FeedFailureCode | null }>();

  /** What the status tells that was not told before; null for nothing. */
  observationOf({ profile, state, failure, tracks }: FeedStatus): Observation | null {
    const tries = this.#tries.get(profile) ?? { trying: false, code: null };
    if (state === 'running') {
      this.#tries.set(profile, { trying: false, code: null });
      return tracks ? { kind: 'frames', profile } : null;
    }
    if (state === 'connecting') this.#tries.set(profile, { trying: true, code: tries.code });
    else if (failure && (tries.trying || tries.code !== failure.code)) {
      this.#tries.set(profile, { trying: false, code: failure.code });
      return { kind: 'failure', profile, code: failure.code, message: failure.message };
    }
    return null;
  }
}
