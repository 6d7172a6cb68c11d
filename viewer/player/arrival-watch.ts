/** One look at what a feed has received. */
export interface Arrival {
  nowMs: number;
  /** Bytes received so far. */
  bytes: number;
  /** The newest media received, seconds on its own timeline; null before the first. */
  newestSec: number | null;
  /** Grows by one whenever the stream begins anew on the gateway. */
  run: number;
}

const BASELINE_MS = 60_000;
const TOLD_AFTER_MS = 1000;

/** Tells whether media comes later than it was made; lives as long as one feed. */
export class ArrivalWatch {
  readonly #limitSec: number;
  /** How far media time lay behind real time at the looks of the last minute: cameras' clocks drift, so older ones do not count. */
  #offsets: { atMs: number; sec: number }[] = [];
  #run = 0;
  #lateSince: { atMs: number; bytes: number } | null = null;
  /** How much later than at best of the last minute the newest media came, seconds. */
  lateSec = 0;
  #first: { bytes: number; sec: number } | null = null;
  #last: { bytes: number; sec: number } | null = null;

  /** `limitSec`: later than this is late. */
  constructor(limitSec: number) {
    this.#limitSec = limitSec;
  }

  /** The stream's own rate by bytes and media time, whatever the network's; null until two seconds of it are there. */
  get streamKbps(): number | null {
    const [first, last] = [this.#first, this.#last];
    if (first === null || last === null || last.sec - first.sec < 2) return null;
    return ((last.bytes - first.bytes) * 8) / 1000 / (last.sec - first.sec);
  }

  /** `late` while bytes flow but fall behind real time for a second: a camera that pauses sends none, and is not the network's fault. */
  look({ nowMs, bytes, newestSec, run }: Arrival): 'unknown' | 'in-time' | 'late' {
    if (run !== this.#run) this.#begin(run);
    if (newestSec === null) return 'unknown';
    this.#first ??= { bytes, sec: newestSec };
    this.#last = { bytes, sec: newestSec };
    const sec = nowMs / 1000 - newestSec;
    this.#offsets.push({ atMs: nowMs, sec });
    this.#offsets = this.#offsets.filter(({ atMs }) => nowMs - atMs < BASELINE_MS);
    this.lateSec = sec - Math.min(...this.#offsets.map((offset) => offset.sec));
    if (this.lateSec < this.#limitSec) {
      this.#lateSince = null;
      return 'in-time';
    }
    this.#lateSince ??= { atMs: nowMs, bytes };
    const { atMs, bytes: then } = this.#lateSince;
    return nowMs - atMs >= TOLD_AFTER_MS && bytes > then ? 'late' : 'unknown';
  }

  #begin(run: number): void {
    this.#run = run;
    this.#offsets = [];
    this.lateSec = 0;
    this.#lateSince = null;
    this.#first = null;
    this.#last = null;
  }
}
