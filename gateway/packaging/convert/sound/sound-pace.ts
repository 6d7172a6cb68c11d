import { AAC_FRAME_SAMPLES } from '../../../ffmpeg/sound-plan.ts';
import type { SoundPlan } from '../../../ffmpeg/sound-plan.ts';

/** An AAC frame at its place on the stream's timeline, ticks of the plan's rate. */
export interface PlacedFrame {
  ticks: number;
  data: Buffer;
}

/** Until the first converted frame has come: how far sound may lie behind the picture before silence takes its place. */
const FIRST_LAG_SEC = 0.15;
/** From then on; converted sound comes about 0.3 s behind. */
const USUAL_LAG_SEC = 1;
/** Cameras whose sound comes later than that are given more, up to this. */
const MOST_LAG_SEC = 5;
const MARGIN_SEC = 0.1;
/** A leap of the picture beyond this is not filled. */
const LONGEST_FILL_SEC = 12;

/**
 * Keeps sound without gap or overlap close behind the picture, whatever the camera and FFmpeg do: players that wait for
 * both would stop without it. What does not come in time is silence, what comes too late is left out. One for each run
 * of a stream.
 */
export class SoundPace {
  readonly #plan: SoundPlan;
  readonly #onFrame: (frame: PlacedFrame) => void;
  readonly #silence: Buffer;
  #nextTicks: number;
  #lagSec = FIRST_LAG_SEC;

  /** `startSec`: where the picture begins. */
  constructor(plan: SoundPlan, startSec: number, onFrame: (frame: PlacedFrame) => void) {
    this.#plan = plan;
    this.#onFrame = onFrame;
    this.#silence = Buffer.from(plan.silence);
    this.#nextTicks = Math.ceil(startSec * plan.rate);
  }

  /** Where the next frame must begin. */
  get nextTicks(): number {
    return this.#nextTicks;
  }

  /** The picture has come so far. */
  picture(sec: number): void {
    const untilTicks = Math.floor((sec - this.#lagSec) * this.#plan.rate);
    if (untilTicks - this.#nextTicks > LONGEST_FILL_SEC * this.#plan.rate) this.#nextTicks = untilTicks;
    this.#fillUntil(untilTicks);
  }

  /** A converted frame that belongs at `ticks`. */
  converted(ticks: number, data: Buffer): void {
    const lateSec = (this.#nextTicks - ticks) / this.#plan.rate;
    if (this.#lagSec < USUAL_LAG_SEC) this.#lagSec = USUAL_LAG_SEC;
    else if (lateSec > 0) this.#lagSec = Math.min(MOST_LAG_SEC, this.#lagSec + lateSec + MARGIN_SEC);
    if (lateSec > 0) return;
    this.#fillUntil(ticks);
    this.#emit(data);
  }

  #fillUntil(ticks: number): void {
    while (this.#nextTicks + AAC_FRAME_SAMPLES <= ticks) this.#emit(this.#silence);
  }

  #emit(data: Buffer): void {
    this.#onFrame({ ticks: this.#nextTicks, data });
    this.#nextTicks += AAC_FRAME_SAMPLES;
  }
}
