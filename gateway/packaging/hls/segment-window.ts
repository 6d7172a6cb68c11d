import { forgetSegment, ticksToSec } from './segment.ts';
import type { Segment } from './segment.ts';

/** The finished segments of one rendition: those listed, and for a while those that late players still ask for. */
export class SegmentWindow {
  readonly #listedCount: number;
  readonly #maxBytes: number;
  #segments: Segment[] = [];
  #listedFrom = 0;
  #byteLength = 0;
  #discontinuitySequence: number;

  constructor(options: { listedCount: number; maxBytes: number; discontinuitySequence: number }) {
    this.#listedCount = options.listedCount;
    this.#maxBytes = options.maxBytes;
    this.#discontinuitySequence = options.discontinuitySequence;
  }

  get listed(): readonly Segment[] {
    return this.#segments.slice(this.#listedFrom);
  }

  get last(): Segment | undefined {
    return this.#segments.at(-1);
  }

  /** EXT-X-DISCONTINUITY-SEQUENCE: grows with each discontinuity that leaves the list. */
  get discontinuitySequence(): number {
    return this.#discontinuitySequence;
  }

  find(msn: number): Segment | undefined {
    return this.#segments.find((segment) => segment.msn === msn);
  }

  /** A segment of the run, for its init segment. */
  findRun(runId: number): Segment | undefined {
    return this.#segments.find((segment) => segment.run.id === runId);
  }

  /** Adds a finished segment; old ones leave the list as long as three target durations stay (RFC 8216bis, 6.2.2). */
  add(segment: Segment, targetDurationSec: number): void {
    this.#segments.push(segment);
    this.#byteLength += segment.byteLength;
    while (this.#mayUnlist(targetDurationSec)) this.#unlistOldest();
    // Unlisted segments stay for their own length and the list's (RFC 8216bis, 6.2.2).
    const kept = this.#segments.length - this.#listedFrom + 1;
    while (this.#listedFrom > kept || (this.#tooLarge() && this.#segments.length > 1)) {
      if (this.#listedFrom === 0) this.#unlistOldest();
      this.#forgetOldest();
      this.#listedFrom -= 1;
    }
  }

  /** Forgets all segments. */
  clear(): void {
    while (this.#segments.length > 0) this.#forgetOldest();
    this.#listedFrom = 0;
  }

  #forgetOldest(): void {
    const oldest = this.#segments.shift();
    if (!oldest) return;
    this.#byteLength -= oldest.byteLength;
    forgetSegment(oldest);
  }

  #tooLarge(): boolean {
    return this.#byteLength > this.#maxBytes;
  }

  #mayUnlist(targetDurationSec: number): boolean {
    if (this.#segments.length - this.#listedFrom <= this.#listedCount) return false;
    let restTicks = 0;
    for (const segment of this.#segments.slice(this.#listedFrom + 1)) restTicks += segment.durationTicks;
    return ticksToSec(restTicks) >= 3 * targetDurationSec;
  }

  #unlistOldest(): void {
    if (this.#segments[this.#listedFrom]?.discontinuity) this.#discontinuitySequence += 1;
    this.#listedFrom += 1;
  }
}
