import { delay } from '../base/clock.ts';
import type { Clock } from '../base/clock.ts';
import type { Feeds } from '../ingest/feeds.ts';

/** What arrived of a stream while it was watched. */
export interface StreamMeasure {
  kbps: number;
  fps: number;
  /** Lost packets in a thousand; the sum of packets is told from the bytes. */
  lostPermille: number;
}

/** What fits into one packet of a camera, about. */
const PACKET_BYTES = 1400;

/**
 * Watches the main stream for `durationMs`, on the connection that runs; null when nothing came in that time. The span
 * begins with the first frame: a stream that is only being opened says nothing about the line until its key frame comes.
 */
export async function measureStream(
  { clock, feeds }: { clock: Clock; feeds: Feeds },
  cameraId: string,
  durationMs: number,
): Promise<StreamMeasure | null> {
  let bytes = 0;
  let frames = 0;
  // What is held of the GOP comes at once, and says nothing about the line.
  let listening = false;
  let beganMs: number | null = null;
  let lostBefore = 0;
  const first = Promise.withResolvers<void>();
  const lost = (): number => feeds.status(cameraId, 'main').measures.rtpLost;
  const leave = feeds.subscribe(
    cameraId,
    'main',
    {
      onTracks: () => undefined,
      onSample: (sample) => {
        if (!listening) return;
        if (beganMs === null) {
          beganMs = clock.monotonicMs();
          lostBefore = lost();
          first.resolve();
          return;
        }
        bytes += sample.data.length;
        if (sample.kind === 'video') frames += 1;
      },
    },
    { lingerMs: 0 },
  );
  try {
    listening = true;
    await Promise.race([first.promise, delay(clock, durationMs)]);
    if (beganMs === null) return null;
    await delay(clock, durationMs);
    const seconds = (clock.monotonicMs() - beganMs) / 1000;
    if (frames === 0 || seconds <= 0) return null;
    const lostPackets = Math.max(0, lost() - lostBefore);
    const packets = lostPackets + Math.max(frames, bytes / PACKET_BYTES);
    return {
      kbps: (bytes * 8) / 1000 / seconds,
      fps: frames / seconds,
      lostPermille: (lostPackets * 1000) / packets,
    };
  } finally {
    leave();
  }
}
