/** Most frames that H.264 and H.265 let a decoder hold back for reordering. */
const MAX_DEPTH = 16;

/**
 * Gives decode times to frames that come in decode order with presentation times, without waiting for later frames: the
 * decode time is the smallest presentation time not given out yet, with `depth` frames held back. One for each epoch.
 */
export class DecodeTimes {
  readonly #depth: number;
  readonly #frameTicks: number;
  /** Presentation times not given out as decode times yet, ascending. */
  readonly #held: number[] = [];
  /** The last presentation times, written in a circle. */
  readonly #recent = new Float64Array(MAX_DEPTH).fill(Number.NEGATIVE_INFINITY);
  #frames = 0;
  #last = Number.NEGATIVE_INFINITY;
  #started = 0;

  /** `depth`: frames that may precede a frame in decode order and follow it in presentation (max_num_reorder_frames). */
  constructor(depth: number, frameTicks: number) {
    this.#depth = Math.min(depth, MAX_DEPTH);
    this.#frameTicks = frameTicks;
  }

  /** Decode time for the next frame; grows with every call. */
  next(pts: number): number {
    this.#recent[this.#frames % MAX_DEPTH] = pts;
    this.#frames += 1;
    this.#last = Math.max(this.#depth === 0 ? pts : this.#reordered(pts), this.#last + 1);
    return this.#last;
  }

  /** The depth that the frames seen so far ask for; above the one given, the given one was too small. */
  depthNeeded(pts: number): number {
    let later = 0;
    for (const earlier of this.#recent) if (earlier > pts) later += 1;
    return later;
  }

  #reordered(pts: number): number {
    const place = this.#held.findLastIndex((held) => held <= pts);
    this.#held.splice(place + 1, 0, pts);
    if (this.#started >= this.#depth) return this.#held.shift() ?? pts;
    const first = this.#recent[0] ?? pts;
    this.#started += 1;
    return first - (this.#depth - this.#started + 1) * this.#frameTicks;
  }
}
