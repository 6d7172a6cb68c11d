/** Where a frame lies on the packager's timeline, ticks of 90 kHz. */
export interface FrameTimes {
  decodeTicks: number;
  durationTicks: number;
  offsetTicks: number;
}

/**
 * A key frame after a longer pause than this, and than a frame and a half, begins a new run: packets were lost before it. A frame
 * as long as the pause would break the part target of HLS (RFC 8216bis, 4.4.4.9).
 */
const LONGEST_LOSS_TICKS = 27_000;
/** Longest pause between frames that stays in one run; also the bound of presentation offsets. */
export const LONGEST_GAP_TICKS = 10 * 90_000;

/**
 * Gives each frame of a run its decode time and length at once, without waiting for the next frame: a frame lasts as
 * long as the way from the frame before, and begins where that one ended. With even frames this is exact; after a
 * pause one frame is early and long, and the next is exact again. So the timeline has no gap and no overlap, which
 * MSE would answer by dropping frames until the next key frame.
 */
export class VideoTimeline {
  readonly #firstDts: number;
  readonly #startTicks: number;
  readonly #frameTicks: number;
  #lastDts: number;
  #endTicks: number;

  constructor(options: { firstDts: number; frameTicks: number; startTicks: number }) {
    this.#firstDts = options.firstDts;
    this.#startTicks = options.startTicks;
    this.#frameTicks = options.frameTicks;
    this.#lastDts = options.firstDts - options.frameTicks;
    this.#endTicks = options.startTicks;
  }

  /** Where the next frame begins. */
  get endTicks(): number {
    return this.#endTicks;
  }

  /** False when the frame's time lies so far off that it must begin a new run. */
  continuesWith(dts: number, key: boolean): boolean {
    const stepTicks = dts - this.#lastDts;
    if (key && stepTicks > Math.max(LONGEST_LOSS_TICKS, 1.5 * this.#frameTicks)) return false;
    return stepTicks > -90_000 && stepTicks <= LONGEST_GAP_TICKS;
  }

  place(dts: number, pts: number): FrameTimes {
    const stepTicks = Math.max(1, Math.round(dts - this.#lastDts));
    this.#lastDts += stepTicks;
    const decodeTicks = this.#endTicks;
    this.#endTicks += stepTicks;
    const offsetTicks = Math.max(-LONGEST_GAP_TICKS, Math.min(LONGEST_GAP_TICKS, Math.round(pts - dts)));
    return { decodeTicks, durationTicks: stepTicks, offsetTicks };
  }

  /** The place of another track's time, in that track's ticks; below the start of the run for what came before it. */
  toTrack(dts: number, timescale: number): number {
    return dts + Math.round(((this.#startTicks - this.#firstDts) * timescale) / 90_000);
  }
}
