import type { Clock } from '../base/clock.ts';
import { JpegDepacketizer } from './codec/jpeg-depacketizer.ts';
import type { JpegFrame } from './codec/jpeg-depacketizer.ts';
import type { VideoTrack } from './media.ts';
import type { RtpPacket } from './rtp/rtp-packet.ts';
import { RtpTimeline } from './rtp/rtp-timeline.ts';
import { SequenceTracker } from './rtp/sequence-tracker.ts';
import type { TrackPlan } from './rtsp/track-plan.ts';
import type { VideoEpoch, VideoFrame } from './video-receiver.ts';

export interface JpegReceiverOptions {
  clock: Clock;
  plan: TrackPlan;
  /** Comes before the first frame and again whenever the size changes. */
  onEpoch(epoch: VideoEpoch): void;
  onFrame(frame: VideoFrame): void;
  /** The stream cannot be used at all. */
  onFault(message: string): void;
}

const VIDEO_CLOCK = 90_000;

/** Turns the RTP packets of one MJPEG stream (RFC 2435) into whole pictures, each a key frame; lives for one run. */
export class JpegReceiver {
  readonly #options: JpegReceiverOptions;
  readonly #depacketizer: JpegDepacketizer;
  readonly #sequence = new SequenceTracker();
  readonly #timeline = new RtpTimeline(VIDEO_CLOCK);
  #ssrc: number | undefined;
  #timestamp = 0;
  #track: VideoTrack | undefined;
  #base = 0;
  #lastDts = -1;
  /** True while parts of the frame of this timestamp are missing. */
  #broken = false;
  packetsLost = 0;
  /** Pictures left out because a part was missing or damaged. */
  framesDropped = 0;

  constructor(options: JpegReceiverOptions) {
    this.#options = options;
    this.#depacketizer = new JpegDepacketizer(options.plan.dimensions);
  }

  /** Takes the next packet, which begins at `start` of `buffer`. */
  push(packet: RtpPacket, buffer: Buffer, start: number): void {
    if (this.#options.plan.otherPayloadTypes.includes(packet.payloadType)) return;
    if (packet.ssrc !== this.#ssrc) this.#restart(packet.ssrc);
    const lost = this.#sequence.accept(packet.sequence);
    if (lost < 0) return;
    if (lost > 0) {
      this.packetsLost += lost;
      this.#drop();
    }
    if (packet.timestamp !== this.#timestamp) {
      // The marker of the frame before never came; with no packet lost it is whole all the same.
      this.#finish();
      this.#timestamp = packet.timestamp;
    }
    this.#take(packet, buffer, start);
    if (packet.marker) this.#finish();
  }

  #take(packet: RtpPacket, buffer: Buffer, start: number): void {
    const wasEmpty = this.#depacketizer.empty;
    const part = this.#depacketizer.push(buffer, start, packet.payloadStart, packet.payloadEnd);
    if (part === 'part') {
      if (wasEmpty) this.#broken = false;
      return;
    }
    if (part !== 'damaged') {
      const type = part.unsupportedType;
      this.#options.onFault(
        `the camera sends JPEG of type ${type}, which RFC 2435 does not define; set its video encoding to H.264`,
      );
    }
    if (!this.#broken) this.framesDropped += 1;
    this.#broken = true;
  }

  #finish(): void {
    const hadParts = !this.#depacketizer.empty;
    const frame = this.#depacketizer.finish();
    if (frame && !this.#broken) this.#handOn(frame);
    else if (hadParts) this.framesDropped += 1;
    frame?.memory.release();
    this.#broken = false;
  }

  #handOn(frame: JpegFrame): void {
    const { clock } = this.#options;
    const arrivedAtMs = clock.monotonicMs();
    const extended = this.#timeline.extend(this.#timestamp, arrivedAtMs);
    if (this.#track?.width !== frame.width || this.#track.height !== frame.height) {
      this.#open(frame, extended, arrivedAtMs);
    }
    const dts = Math.max(extended - this.#base, this.#lastDts + 1);
    this.#lastDts = dts;
    const { data, memory } = frame;
    const receivedAtMs = clock.now();
    const timestamp = this.#timestamp;
    this.#options.onFrame({ data, memory, dts, pts: dts, key: true, timestamp, receivedAtMs });
  }

  #open({ width, height }: JpegFrame, extended: number, arrivedAtMs: number): void {
    this.#track = {
      kind: 'video',
      codec: 'mjpeg',
      timescale: VIDEO_CLOCK,
      codecString: 'mp4v.6C',
      profile: 'Baseline',
      width,
      height,
      sar: { width: 1, height: 1 },
      fps: this.#options.plan.framerate,
      colour: { matrix: 'bt601', fullRange: true },
      parameterSets: { vps: [], sps: [], pps: [] },
    };
    this.#base = extended;
    this.#lastDts = -1;
    this.#options.onEpoch({
      track: this.#track,
      timestamp: this.#timestamp,
      arrivedAtMs,
      firstPtsSec: 0,
    });
  }

  /** The frame in the making lacks a part. */
  #drop(): void {
    if (!this.#depacketizer.empty) this.framesDropped += 1;
    this.#depacketizer.reset();
    this.#broken = true;
  }

  #restart(ssrc: number): void {
    if (this.#ssrc !== undefined) {
      this.#sequence.reset();
      this.#drop();
      this.#timeline.restart();
    }
    this.#ssrc = ssrc;
  }
}
