import { delay } from '../base/clock.ts';
import type { Clock } from '../base/clock.ts';
import type { Feeds } from '../ingest/feeds.ts';
import type { Sample } from '../ingest/media.ts';

/** What arrived of a stream while it was watched. */
export interface StreamMeasure {
  kbps: number;
  fps: number;
  /** Lost packets in a thousand; the sum of packets is told from the bytes. */
  lostPermille: number;
}

/** What fits into one packet of a camera, about. */
const PACKET_BYTES = 1400;

/** Counts what comes from the first frame on; the first one opens the span and does not count itself. */
class Tally {
  bytes = 0;
  frames = 0;
  beganMs: number | null = null;
  readonly #begun = Promise.withResolvers<void>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  add(sample: Sample): void {
    if (this.beganMs === null) {
      this.beganMs = this.#clock.monotonicMs();
      this.#begun.resolve();
      return;
    }
    this.bytes += sample.data.length;
    if (sample.kind === 'video') this.frames += 1;
  }
}

/**
 * Watches the main stream for `durationMs`, on the connection that runs; null when nothing came in that time. The span
 * begins with the first frame: a stream that is only being opened says nothing about the line until its key frame comes.
 */
export async function measureStream(
  { clock, feeds }: { clock: Clock; feeds: Feeds },
  cameraId: string,
  durationMs: number,
): Promise<StreamMeasure | null> {
  const tally = new Tally(clock);
  // What is held of the GOP comes at once, and says nothing about the line.
  let listening = false;
  const onSample = (sample: Sample): void => {
    if (listening) tally.add(sample);
  };
  const listener = { retainsMemory: true, onTracks: () => undefined, onSample };
  const leave = feeds.subscribe(cameraId, 'main', listener, { lingerMs: 0 });
  const lost = (): number => feeds.status(cameraId, 'main').measures.rtpLost;
  try {
    listening = true;
    await Promise.race([tally.begun, delay(clock, durationMs)]);
    const { beganMs } = tally;
    if (beganMs === null) return null;
    const lostBefore = lost();
    await delay(clock, durationMs);
    const seconds = (clock.monotonicMs() - beganMs) / 1000;
    return seconds > 0 ? measured(tally, seconds, Math.max(0, lost() - lostBefore)) : null;
  } finally {
    leave();
  }
}

function measured({ bytes, frames }: Tally, seconds: number, lostPackets: number): StreamMeasure | null {
  if (frames === 0) return null;
  const packets = lostPackets + Math.max(frames, bytes / PACKET_BYTES);
  return {
    kbps: (bytes * 8) / 1000 / seconds,
    fps: frames / seconds,
    lostPermille: (lostPackets * 1000) / packets,
  };
}
