import type { FeedMeasures } from '../ingest/feeds.ts';
import type { Reading } from './conditions.ts';

interface Look {
  ms: number;
  frames: number;
  packets: number;
  lost: number;
}

/** Loss is taken over so long, so that one blink of the line is no loss … */
const LOSS_MS = 15_000;
/** … and the frame rate over so long. */
const FPS_MS = 10_000;
/** Less than this says nothing yet. */
const LOSS_LEAST_MS = 8000;
const LOSS_LEAST_PACKETS = 100;
/** Shares of the packets: from the first on pictures break up for certain; below the second nobody sees it. */
const LOSS_BAD = 0.01;
const LOSS_WELL = 0.003;
/** Shares of the expected frames. Below the first movement jumps; exposure at night alone stays above it. */
const FPS_BAD = 0.6;
const FPS_WELL = 0.8;

/** The last seconds of one stream's counters, looked at once a second; lives as long as somebody pulls it. */
export class StreamWindow {
  readonly #looks: Look[] = [];

  /** Takes the counters at monotonic time `ms`. */
  take(ms: number, { framesReceived, packetsReceived, rtpLost }: FeedMeasures): void {
    this.#looks.push({ ms, frames: framesReceived, packets: packetsReceived, lost: rtpLost });
    while ((this.#looks[1]?.ms ?? Infinity) <= ms - LOSS_MS) this.#looks.shift();
  }

  /** Share of the packets that did not come, 0 … 1; null before there is enough to tell. */
  get loss(): number | null {
    const [first, last] = [this.#looks[0], this.#looks.at(-1)];
    if (!first || !last || last.ms - first.ms < LOSS_LEAST_MS) return null;
    const lost = last.lost - first.lost;
    const sent = last.packets - first.packets + lost;
    return sent < LOSS_LEAST_PACKETS ? null : Math.max(0, lost) / sent;
  }

  /** Frames a second over the last ten; null before ten have passed. */
  get fps(): number | null {
    const last = this.#looks.at(-1);
    const first = last && this.#looks.findLast(({ ms }) => last.ms - ms >= FPS_MS);
    return first ? ((last.frames - first.frames) * 1000) / (last.ms - first.ms) : null;
  }

  /**
   * What the stream shows of loss and frame rate; nothing where it cannot be told. Pictures that lack a packet are left
   * out by ingest, so that few frames beside lost packets are the line's fault and not the camera's.
   */
  readings(expectedFps: number | null): Reading[] {
    const { loss, fps } = this;
    const share = fps === null || !expectedFps ? null : fps / expectedFps;
    const slow = share !== null && share < FPS_BAD;
    const readings: Reading[] = [];
    const lossy = loss !== null && (loss >= LOSS_BAD || (slow && loss >= LOSS_WELL));
    if (loss !== null) {
      const level = lossy ? 'bad' : loss < LOSS_WELL ? 'well' : 'unclear';
      const percent = (loss * 100).toFixed(1);
      const message = `${percent} % of the packets get lost on the way and the picture breaks up: see to the site's uplink or lower the bitrate.`;
      readings.push({ code: 'packet-loss', level, message });
    }
    if (share !== null) {
      const level = lossy ? 'unclear' : slow ? 'bad' : share >= FPS_WELL ? 'well' : 'unclear';
      const message = `Only ${fps?.toFixed(1)} of ${expectedFps} frames a second arrive: the uplink is full, the camera too busy, or its exposure too long at night.`;
      readings.push({ code: 'low-fps', level, message });
    }
    return readings;
  }
}

/** What is expected of a stream: the least of what the camera told and what its stream says, for either may be a mere limit. */
export function expectedFps(told: number | null, streamed: number | null): number | null {
  const known = [told, streamed].filter((fps) => fps !== null && fps > 0) as number[];
  return known.length === 0 ? null : Math.min(...known);
}
