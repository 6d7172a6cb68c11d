import type { ProfileName } from '../contract/camera.ts';
import type { FeedStatus } from '../ingest/feeds.ts';
import type { Level, Reading } from './conditions.ts';
import { StreamWindow, expectedFps } from './stream-window.ts';

const WORST: readonly Level[] = ['bad', 'unclear', 'well'];

/** The streams of one camera that are pulled now, looked at once a second. Lives as long as the camera is on the board. */
export class StreamWatch {
  readonly #windows = new Map<ProfileName, StreamWindow>();
  #worst: ProfileName | null = null;

  /** Takes the news of a stream: one that nobody pulls is not looked at any more. */
  feed({ profile, state }: FeedStatus): void {
    if (state === 'idle') this.#windows.delete(profile);
    else if (state === 'running' && !this.#windows.has(profile))
      this.#windows.set(profile, new StreamWindow());
  }

  /** The profile that was last read bad. */
  get worst(): ProfileName | null {
    return this.#worst;
  }

  /** Share of lost packets of each stream looked at. */
  get loss(): ReadonlyMap<ProfileName, number | null> {
    return new Map([...this.#windows].map(([profile, window]) => [profile, window.loss]));
  }

  /** Looks at each stream, and gives for each condition the reading of the worst one. */
  look(
    monotonicMs: number,
    status: (profile: ProfileName) => FeedStatus,
    toldFps: Partial<Record<ProfileName, number | null>> | undefined,
  ): Reading[] {
    const worst = new Map<string, Reading>();
    for (const [profile, window] of this.#windows) {
      const { state, measures } = status(profile);
      window.take(monotonicMs, measures);
      if (state !== 'running') continue;
      for (const reading of window.readings(expectedFps(toldFps?.[profile] ?? null, measures.expectedFps))) {
        if (reading.level === 'bad') this.#worst = profile;
        const known = worst.get(reading.code);
        if (!known || WORST.indexOf(reading.level) < WORST.indexOf(known.level))
          worst.set(reading.code, reading);
      }
    }
    return [...worst.values()];
  }
}
