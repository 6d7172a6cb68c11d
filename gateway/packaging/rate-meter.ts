import type { Chunk } from './live-run.ts';

/** A GOP shorter than this says little about the rate. */
const SHORTEST_SPAN_TICKS = 45_000;
const DISTANCES_KEPT = 31;
/** A rate this near to a whole number is that number with a camera's rounding. */
const WHOLE_WITHIN = 0.0005;

/** Measures frame and bit rate of one stream from its chunks, in constant memory. */
export class RateMeter {
  #distances: number[] = [];
  #next = 0;
  #gopBytes = 0;
  #gopTicks = 0;
  #totalBytes = 0;
  #totalTicks = 0;
  #peakBps = 0;

  add(chunk: Chunk): void {
    if (chunk.key && this.#gopTicks >= SHORTEST_SPAN_TICKS) this.#endGop();
    this.#gopBytes += chunk.bytes.byteLength;
    if (chunk.kind === 'audio') return;
    this.#gopTicks += chunk.durationTicks;
    this.#distances[this.#next % DISTANCES_KEPT] = chunk.durationTicks;
    this.#next += 1;
  }

  /** Frames a second: the median distance of the last frames, to a thousandth; null before there are any. */
  get fps(): number | null {
    const sorted = [...this.#distances].sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1];
    if (median === undefined) return null;
    const fps = 90_000 / median;
    const whole = Math.round(fps);
    return Math.abs(fps - whole) <= whole * WHOLE_WITHIN ? whole : Math.round(fps * 1000) / 1000;
  }

  /** Bits a second over all whole GOPs; null before the first ended. */
  get averageBps(): number | null {
    return this.#totalTicks === 0 ? null : (this.#totalBytes * 8 * 90_000) / this.#totalTicks;
  }

  /** Bits a second of the largest GOP; null before the first ended. */
  get peakBps(): number | null {
    return this.#peakBps === 0 ? null : this.#peakBps;
  }

  #endGop(): void {
    this.#totalBytes += this.#gopBytes;
    this.#totalTicks += this.#gopTicks;
    this.#peakBps = Math.max(this.#peakBps, (this.#gopBytes * 8 * 90_000) / this.#gopTicks);
    this.#gopBytes = 0;
    this.#gopTicks = 0;
  }
}
