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
  /** RTP packets that came. */
  packets: number;
  jitterMs: number | null;
  /** Camera clock minus ours by its sender reports. */
  cameraAheadMs: number | null;
}

/** The counts of a connection that has not begun. */
export const NOTHING_COUNTED: RunCounts = Object.freeze({
  bytes: 0,
  lost: 0,
  packets: 0,
  jitterMs: null,
  cameraAheadMs: null,
});

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
  #framesReceived = 0;
  #past: RunCounts = NOTHING_COUNTED;
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
    this.#framesReceived += 1;
    if (!sample.key) return;
    if (this.#lastKeyDts !== undefined) this.#gopSec = (sample.dts - this.#lastKeyDts) / VIDEO_CLOCK;
    this.#lastKeyDts = sample.dts;
  }

  /** Adds what a run counted when it ends. */
  endRun(run: RunCounts): void {
    this.#past = this.#with(run);
    this.#rate.reset();
  }

  /** The figures now, with those of the connection in progress. */
  read(run: RunCounts): FeedMeasures {
    const rate = this.#rate.read(this.#clock.monotonicMs());
    const all = this.#with(run);
    return {
      fps: rate && Math.round(rate.frames * 10) / 10,
      expectedFps: this.#toldFps ?? this.#fpsByTimestamps(),
      bitrateKbps: rate && Math.round((rate.bytes * 8) / 1000),
      gopSec: this.#gopSec,
      lastFrameAtMs: this.#lastFrameAtMs,
      rtpLost: all.lost,
      reconnects: this.reconnects,
      rttMs: this.rttMs,
      bytesReceived: all.bytes,
      framesReceived: this.#framesReceived,
      packetsReceived: all.packets,
      jitterMs: all.jitterMs,
      cameraAheadMs: all.cameraAheadMs,
    };
  }

  /** All runs together; what is no sum is of the last one that told it. */
  #with(run: RunCounts): RunCounts {
    const past = this.#past;
    return {
      bytes: past.bytes + run.bytes,
      lost: past.lost + run.lost,
      packets: past.packets + run.packets,
      jitterMs: run.jitterMs ?? past.jitterMs,
      cameraAheadMs: run.cameraAheadMs ?? past.cameraAheadMs,
    };
  }

  #fpsByTimestamps(): number | null {
    const ticks = this.#lastDts - (this.#firstDts ?? this.#lastDts);
    if (this.#frames < ENOUGH_FRAMES || ticks <= 0) return null;
    return Math.round(((this.#frames - 1) * VIDEO_CLOCK * 100) / ticks) / 100;
  }
}
