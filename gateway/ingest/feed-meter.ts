import type { Clock } from '../base/clock.ts';
import type { FeedMeasures } from './feeds.ts';
import type { Sample, VideoTrack } from './media.ts';
import { SlidingRate } from './sliding-rate.ts';

const VIDEO_CLOCK = 90_000;
/** Frames after which the rate told by timestamps is worth something. */
const ENOUGH_FRAMES = 25;

/** What the connection in progress counted so far. */
export interface RunCounts {
  bytes: number;
  lost: number;
}

/** Measures one stream over all its runs; the last figures stay readable after a run’s end. */
export class FeedMeter {
  readonly #clock: Clock;
  readonly #rate = new SlidingRate();
  #toldFps: number | null = null;
  #frames = 0;
  #firstDts: number | undefined;
  #lastDts = 0;
  #lastKeyDts: number | undefined;
  #gopSec: number | null = null;
  #lastFrameAtMs: number | null = null;
  #past: RunCounts = { bytes: 0, lost: 0 };
  reconnects = 0;
  rttMs: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A new epoch: its timeline starts near 0 again. */
  begin(track: VideoTrack): void {
    this.#toldFps = track.fps;
    this.#lastKeyDts = undefined;
    this.#firstDts = undefined;
    this.#frames = 0;
  }

  take(sample: Sample): void {
    const isVideo = sample.kind === 'video';
    this.#rate.add(this.#clock.monotonicMs(), isVideo ? 1 : 0, sample.data.length);
    if (!isVideo) return;
    this.#lastFrameAtMs = sample.receivedAtMs;
    this.#firstDts ??= sample.dts;
    this.#lastDts = sample.dts;
    this.#frames += 1;
    if (!sample.key) return;
    if (this.#lastKeyDts !== undefined) this.#gopSec = (sample.dts - this.#lastKeyDts) / VIDEO_CLOCK;
    this.#lastKeyDts = sample.dts;
  }

  /** Adds what a run counted when it ends. */
  endRun(run: RunCounts): void {
    this.#past = { bytes: this.#past.bytes + run.bytes, lost: this.#past.lost + run.lost };
    this.#rate.reset();
  }

  /** The figures now, with those of the connection in progress. */
  read(run: RunCounts): FeedMeasures {
    const rate = this.#rate.read(this.#clock.monotonicMs());
    return {
      fps: rate && Math.round(rate.frames * 10) / 10,
      expectedFps: this.#toldFps ?? this.#fpsByTimestamps(),
      bitrateKbps: rate && Math.round((rate.bytes * 8) / 1000),
      gopSec: this.#gopSec,
      lastFrameAtMs: this.#lastFrameAtMs,
      rtpLost: this.#past.lost + run.lost,
      reconnects: this.reconnects,
      rttMs: this.rttMs,
      bytesReceived: this.#past.bytes + run.bytes,
    };
  }

  #fpsByTimestamps(): number | null {
    const ticks = this.#lastDts - (this.#firstDts ?? this.#lastDts);
    if (this.#frames < ENOUGH_FRAMES || ticks <= 0) return null;
    return Math.round(((this.#frames - 1) * VIDEO_CLOCK * 100) / ticks) / 100;
  }
}
