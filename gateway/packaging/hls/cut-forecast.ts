import type { Chunk } from '../live-run.ts';
import { ticksToSec } from './segment.ts';

/** Tells from the distance of key frames where the segment in progress will be cut; lives as long as its segmenter. All times 90 kHz. */
export class CutForecast {
  readonly #segmentSec: number;
  readonly #longestTicks: number;
  readonly #frameTicks: number;
  #gopTicks: number | null;
  #sinceKeyTicks: number | null = null;

  /** `gopSec` as measured or advertised so far; null: not known before the second key frame. */
  constructor(options: {
    gopSec: number | null;
    segmentSec: number;
    targetDurationSec: number;
    frameTicks: number;
  }) {
    this.#segmentSec = options.segmentSec;
    // EXTINF may exceed the target duration by less than half a second (RFC 8216bis, 4.4.3.1).
    this.#longestTicks = (options.targetDurationSec + 0.499) * 90_000;
    this.#frameTicks = options.frameTicks;
    this.#gopTicks = options.gopSec === null ? null : options.gopSec * 90_000;
  }

  /** Counts a frame that comes now. */
  frame(chunk: Chunk): void {
    if (chunk.key) {
      if (this.#sinceKeyTicks !== null) this.#gopTicks = this.#sinceKeyTicks;
      this.#sinceKeyTicks = 0;
    }
    if (this.#sinceKeyTicks !== null) this.#sinceKeyTicks += chunk.durationTicks;
  }

  /** The next frames do not follow on those before. */
  runEnded(): void {
    this.#sinceKeyTicks = null;
  }

  /** Frames in a segment that begins with a key frame; null: not known. */
  get segmentFrames(): number | null {
    const ticks = this.#segmentTicks();
    return ticks === null ? null : Math.round(ticks / this.#frameTicks);
  }

  /** Frames that the segment in progress still lacks when it has `segmentTicks`; null: not known, or the key frame is overdue. */
  restFrames(startsWithKey: boolean, segmentTicks: number): number | null {
    const gopTicks = this.#gopTicks;
    if (gopTicks === null) return null;
    const wholeTicks = this.#segmentTicks() ?? 0;
    const restTicks = startsWithKey ? wholeTicks - segmentTicks : gopTicks - (this.#sinceKeyTicks ?? 0);
    const frames = Math.round(Math.min(restTicks, this.#longestTicks - segmentTicks) / this.#frameTicks);
    return frames > 0 ? frames : null;
  }

  #segmentTicks(): number | null {
    const gopTicks = this.#gopTicks;
    if (gopTicks === null || gopTicks <= 0) return null;
    const enoughTicks = (this.#segmentSec - ticksToSec(this.#frameTicks)) * 90_000;
    const gops = Math.max(1, Math.ceil(enoughTicks / gopTicks));
    return Math.min(gops * gopTicks, this.#longestTicks);
  }
}
