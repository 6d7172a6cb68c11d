const BUCKET_MS = 500;
const BUCKETS = 11;
/** Less than this says nothing about a rate. */
const LEAST_MS = 500;

/** Frames and bytes a second over the last five seconds, in half-second buckets; no allocation for each frame. */
export class SlidingRate {
  readonly #frames = new Float64Array(BUCKETS);
  readonly #bytes = new Float64Array(BUCKETS);
  #startedAtMs: number | undefined;
  #bucket = 0;

  /** Takes one arrival at monotonic time `nowMs`. */
  add(nowMs: number, frames: number, bytes: number): void {
    if (this.#startedAtMs === undefined) {
      // The first arrival opens the span that the rate is taken over, so it does not count itself.
      this.#startedAtMs = nowMs;
      this.#bucket = Math.floor(nowMs / BUCKET_MS);
      return;
    }
    this.#advance(nowMs);
    const slot = this.#bucket % BUCKETS;
    this.#frames[slot] = (this.#frames[slot] ?? 0) + frames;
    this.#bytes[slot] = (this.#bytes[slot] ?? 0) + bytes;
  }

  /** Rates a second; null before there is a span to tell them from. */
  read(nowMs: number): { frames: number; bytes: number } | null {
    if (this.#startedAtMs === undefined) return null;
    this.#advance(nowMs);
    const windowStartMs = (this.#bucket - BUCKETS + 1) * BUCKET_MS;
    const spanMs = nowMs - Math.max(this.#startedAtMs, windowStartMs);
    if (spanMs < LEAST_MS) return null;
    const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
    return { frames: (sum(this.#frames) * 1000) / spanMs, bytes: (sum(this.#bytes) * 1000) / spanMs };
  }

  reset(): void {
    this.#frames.fill(0);
    this.#bytes.fill(0);
    this.#startedAtMs = undefined;
  }

  #advance(nowMs: number): void {
    const bucket = Math.floor(nowMs / BUCKET_MS);
    const stale = Math.min(BUCKETS, bucket - this.#bucket);
    for (let step = 1; step <= stale; step += 1) {
      this.#frames[(this.#bucket + step) % BUCKETS] = 0;
      this.#bytes[(this.#bucket + step) % BUCKETS] = 0;
    }
    this.#bucket = Math.max(bucket, this.#bucket);
  }
}
