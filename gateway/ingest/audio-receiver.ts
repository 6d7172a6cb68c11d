import type { Clock } from '../base/clock.ts';
import { parseAacConfig } from './codec/aac-config.ts';
import { AacDepacketizer, readAuHeaderLayout } from './codec/aac-depacketizer.ts';
import type { AacPayload } from './codec/aac-depacketizer.ts';
import { parseLatmConfig } from './codec/latm-config.ts';
import { LatmDepacketizer } from './codec/latm-depacketizer.ts';
import { readOtherSound } from './codec/other-sound.ts';
import { PayloadDepacketizer } from './codec/payload-depacketizer.ts';
import type { AudioTrack, OtherSoundTrack } from './media.ts';
import type { RtpPacket } from './rtp/rtp-packet.ts';
import { RtpTimeline } from './rtp/rtp-timeline.ts';
import { SequenceTracker } from './rtp/sequence-tracker.ts';
import type { SdpFormat } from './rtsp/sdp.ts';
import type { TrackPlan } from './rtsp/track-plan.ts';

/** Takes the frames out of the packets of one stream. */
export interface AudioDepacketizer {
  push(buffer: Buffer, start: number, end: number, marker: boolean): AacPayload;
  /** A packet was lost. */
  reset(): void;
}

/** A sound track that can be received, with what reading its packets takes. */
export interface AudioFormat {
  track: AudioTrack | OtherSoundTrack;
  makeDepacketizer(): AudioDepacketizer;
  /** Ticks from one frame of a packet to the next. */
  frameTicks: number;
}

/** The plan’s format, or undefined when its description is not usable: the sound is then left out. */
export function readAudioFormat(plan: TrackPlan): AudioFormat | undefined {
  const { clockRate } = plan.format;
  const other = readOtherSound(plan.format);
  if (other) return otherFormat(other);
  const carriage = readCarriage(plan.format);
  const reading = carriage && parseAacConfig(carriage.config);
  if (!reading) return undefined;
  return {
    makeDepacketizer: carriage.makeDepacketizer,
    frameTicks: Math.round((reading.samplesPerFrame * clockRate) / reading.samplingRate),
    track: {
      kind: 'audio',
      codec: 'aac',
      timescale: clockRate,
      codecString: `mp4a.40.${reading.objectType}`,
      channels: reading.channels,
      config: carriage.config,
    },
  };
}

/** Each packet is one frame. */
function otherFormat(track: OtherSoundTrack): AudioFormat {
  const unitBytes = track.codec === 'l16' ? 2 * track.channels : 1;
  return { track, frameTicks: 0, makeDepacketizer: () => new PayloadDepacketizer(unitBytes) };
}

/** How AAC is packed: by RFC 3640, or as MP4A-LATM. */
function readCarriage({
  encoding,
  parameters,
}: SdpFormat): { config: Uint8Array; makeDepacketizer: () => AudioDepacketizer } | undefined {
  const config = new Uint8Array(Buffer.from(parameters.get('config') ?? '', 'hex'));
  if (encoding === 'MP4A-LATM') {
    const latm = parseLatmConfig(config);
    if (!latm) return undefined;
    return { config: latm.config, makeDepacketizer: () => new LatmDepacketizer(latm.framesPerElement) };
  }
  const layout = readAuHeaderLayout(parameters);
  return layout && { config, makeDepacketizer: () => new AacDepacketizer(layout) };
}

/** One frame of sound; `pts` on the epoch’s timeline. */
export interface AudioFrame {
  data: Buffer;
  pts: number;
  timestamp: number;
  receivedAtMs: number;
}

/** A moment that is known on both timelines: the epoch’s, and that of arrivals or of the camera’s clock. */
export interface EpochAnchor {
  arrivedAtMs: number;
  firstPtsSec: number;
}

const MAX_CORRECTION_SEC = 5;

interface Heard {
  timestamp: number;
  extended: number;
  arrivedAtMs: number;
}

/** Turns the RTP packets of one stream of sound into frames on the video’s timeline; lives for one run. */
export class AudioReceiver {
  readonly #clock: Clock;
  readonly #plan: TrackPlan;
  readonly #format: AudioFormat;
  readonly #onFrame: (frame: AudioFrame) => void;
  readonly #sequence = new SequenceTracker();
  readonly #depacketizer: AudioDepacketizer;
  readonly #timeline: RtpTimeline;
  #heard: Heard | undefined;
  #anchor: EpochAnchor | undefined;
  /** Extended timestamp of the epoch’s time 0. */
  #base: number | undefined;
  #lastPts = -1;
  packetsLost = 0;

  constructor(options: {
    clock: Clock;
    plan: TrackPlan;
    format: AudioFormat;
    onFrame: (frame: AudioFrame) => void;
  }) {
    this.#clock = options.clock;
    this.#plan = options.plan;
    this.#format = options.format;
    this.#onFrame = options.onFrame;
    this.#depacketizer = options.format.makeDepacketizer();
    this.#timeline = new RtpTimeline(options.format.track.timescale);
  }

  /** Takes the next packet; its payload is in `buffer`. */
  push(packet: RtpPacket, buffer: Buffer): void {
    if (this.#plan.otherPayloadTypes.includes(packet.payloadType)) return;
    const lost = this.#sequence.accept(packet.sequence);
    if (lost < 0) return;
    if (lost > 0) {
      this.packetsLost += lost;
      this.#depacketizer.reset();
    }
    const payload = this.#depacketizer.push(buffer, packet.payloadStart, packet.payloadEnd, packet.marker);
    if (payload.kind !== 'frames') return;
    const arrivedAtMs = this.#clock.monotonicMs();
    const extended = this.#timeline.extend(packet.timestamp, arrivedAtMs);
    this.#heard = { timestamp: packet.timestamp, extended, arrivedAtMs };
    if (this.#base === undefined && this.#anchor) this.#alignByArrival(this.#anchor, this.#heard);
    payload.frames.forEach((data, index) => {
      this.#emit(data, packet.timestamp, extended + index * this.#format.frameTicks);
    });
  }

  /** Begins an epoch: until the camera’s clock is known for both streams, sound is placed by its arrival. */
  startEpoch(anchor: EpochAnchor): void {
    this.#anchor = anchor;
    this.#base = undefined;
    this.#lastPts = -1;
    if (this.#heard) this.#alignByArrival(anchor, this.#heard);
  }

  /** Places sound by the camera’s clock: `timestamp` is the RTP timestamp heard at the epoch’s first video frame. */
  alignTo(timestamp: number, firstPtsSec: number): void {
    if (!this.#heard) return;
    const behind = (this.#heard.timestamp - timestamp) | 0;
    const base = this.#heard.extended - behind - this.#ticks(firstPtsSec);
    // Reports of the two streams that contradict their arrival by this much come from a broken clock.
    const moved = Math.abs(base - (this.#base ?? base));
    if (moved <= this.#ticks(MAX_CORRECTION_SEC)) this.#base = base;
  }

  #alignByArrival(anchor: EpochAnchor, heard: Heard): void {
    const secondsLater = (heard.arrivedAtMs - anchor.arrivedAtMs) / 1000;
    this.#base = heard.extended - this.#ticks(secondsLater + anchor.firstPtsSec);
  }

  #ticks(seconds: number): number {
    return Math.round(seconds * this.#format.track.timescale);
  }

  #emit(data: Buffer, timestamp: number, extended: number): void {
    if (this.#base === undefined) return;
    const pts = extended - this.#base;
    if (pts < 0 || pts <= this.#lastPts) return;
    this.#lastPts = pts;
    this.#onFrame({ data, pts, timestamp, receivedAtMs: this.#clock.now() });
  }
}
