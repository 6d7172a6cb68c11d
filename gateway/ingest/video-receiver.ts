import type { Clock } from '../base/clock.ts';
import { AccessUnitCollector } from './access-unit-collector.ts';
import type { AccessUnit, NalRange } from './codec/access-unit.ts';
import { ParameterSets } from './codec/parameter-sets.ts';
import type { SpsReading } from './codec/sps-reading.ts';
import type { VideoRules } from './codec/video-rules.ts';
import type { MediaMemory } from './media-memory.ts';
import type { VideoTrack } from './media.ts';
import { DecodeTimes } from './rtp/decode-times.ts';
import type { RtpPacket } from './rtp/rtp-packet.ts';
import { RtpTimeline } from './rtp/rtp-timeline.ts';
import type { TrackPlan } from './rtsp/track-plan.ts';

const VIDEO_CLOCK = 90_000;
const USUAL_FPS = 25;

/** What is learnt of a camera’s stream and holds for its next run too. */
export interface LearntStream {
  /** Frames held back for reordering, where the SPS does not tell. */
  reorderDepth: number;
}

/** One picture, its times on the epoch’s timeline. */
export interface VideoFrame {
  data: Buffer;
  memory: MediaMemory;
  dts: number;
  pts: number;
  key: boolean;
  /** RTP timestamp as it came. */
  timestamp: number;
  receivedAtMs: number;
}

/** The start of an epoch: its track, and where its time 0 lies. */
export interface VideoEpoch {
  track: VideoTrack;
  /** RTP timestamp of the first frame. */
  timestamp: number;
  /** Monotonic time of the first frame’s arrival. */
  arrivedAtMs: number;
  /** Presentation time of the first frame, seconds. */
  firstPtsSec: number;
}

export interface VideoReceiverOptions {
  clock: Clock;
  rules: VideoRules;
  plan: TrackPlan;
  learnt: LearntStream;
  /** Comes before the first frame and again whenever the parameter sets or the timing changed. */
  onEpoch(epoch: VideoEpoch): void;
  onFrame(frame: VideoFrame): void;
  /** The stream cannot be used at all. */
  onFault(message: string): void;
}

interface Epoch {
  base: number;
  shift: number;
  inOrder: boolean;
  depth: number;
  decodeTimes: DecodeTimes;
}

/** Turns the RTP packets of one video stream into frames that can be decoded from the first on; lives for one run. */
export class VideoReceiver {
  readonly #options: VideoReceiverOptions;
  readonly #collector: AccessUnitCollector;
  readonly #timeline = new RtpTimeline(VIDEO_CLOCK);
  readonly #sets: ParameterSets;
  #epoch: Epoch | undefined;
  #waitsForKey = true;
  /** True between a key frame at which decoding starts and the next one. */
  #skipsLeading = false;
  /** False as long as recovery points must do for key frames. */
  #hasKeySlices = false;
  /** Where decoding began, when at a recovery point: what is shown before it may refer to what never came. */
  #startedAt = Number.NEGATIVE_INFINITY;
  /** Pictures left out because something before them was missing. */
  framesDropped = 0;

  constructor(options: VideoReceiverOptions) {
    this.#options = options;
    this.#sets = new ParameterSets(options.rules);
    this.#sets.take(options.rules.fromSdp(options.plan.format.parameters));
    this.#collector = new AccessUnitCollector(options.rules, {
      onUnit: (unit, timestamp) => this.#onUnit(unit, timestamp),
      onLoss: () => {
        this.#waitsForKey = true;
      },
      onRestart: () => this.#timeline.restart(),
    });
  }

  /** Takes the next packet; its payload is in `buffer`. */
  push(packet: RtpPacket, buffer: Buffer): void {
    if (this.#options.plan.otherPayloadTypes.includes(packet.payloadType)) return;
    this.#collector.push(packet, buffer);
  }

  /** The run is over. */
  close(): void {
    this.#collector.close();
  }

  get packetsLost(): number {
    return this.#collector.packetsLost;
  }

  #onUnit(unit: AccessUnit, timestamp: number): void {
    const { rules, clock } = this.#options;
    this.#takeParameterSets(unit);
    const slice = unit.nals.find((nal) => rules.isSlice(nal.type));
    if (!slice) return;
    const arrivedAtMs = clock.monotonicMs();
    const extended = this.#timeline.extend(timestamp, arrivedAtMs);
    const key = this.#isKey(unit, slice);
    if (key && !this.#openAtKey(timestamp, extended, arrivedAtMs)) return;
    const epoch = this.#epoch;
    if (!epoch || !this.#isDecodable(slice, epoch, extended)) {
      this.framesDropped += 1;
      return;
    }
    const pts = extended - epoch.base + epoch.shift;
    const dts = epoch.decodeTimes.next(pts);
    this.#options.onFrame({
      data: unit.build(rules.keeps),
      memory: unit.memory,
      dts,
      pts: epoch.inOrder ? dts : Math.max(dts, pts),
      key,
      timestamp,
      receivedAtMs: clock.now(),
    });
  }

  #isKey(unit: AccessUnit, slice: NalRange): boolean {
    const { rules } = this.#options;
    if (!rules.isKeySlice(slice.type)) return !this.#hasKeySlices && rules.isRecoveryPoint(unit);
    this.#hasKeySlices = true;
    return true;
  }

  #takeParameterSets(unit: AccessUnit): void {
    const { rules } = this.#options;
    const nals = unit.nals.filter((nal) => rules.parameterSetOf(nal.type) !== undefined);
    if (nals.length === 0) return;
    this.#sets.take(nals.map((nal) => unit.copyNal(nal)));
    // Sets that change in mid-GOP hold for pictures that nothing before has prepared a player for.
    if (this.#sets.changed) this.#waitsForKey = true;
  }

  /** Makes the stream ready for a key frame; false when its parameter sets have not come or cannot be read. */
  #openAtKey(timestamp: number, extended: number, arrivedAtMs: number): boolean {
    if (!this.#sets.complete) return false;
    this.#skipsLeading = this.#waitsForKey;
    this.#startedAt = this.#hasKeySlices ? Number.NEGATIVE_INFINITY : extended;
    this.#waitsForKey = false;
    if (this.#epoch && !this.#sets.changed) return true;
    const reading = this.#options.rules.readSps(this.#sets.of('sps')[0] ?? new Uint8Array());
    if (!reading) {
      this.#options.onFault('the camera’s video description (SPS) cannot be read');
      return false;
    }
    this.#sets.settle();
    const track = this.#describe(reading);
    const depth = reading.reorderDepth ?? this.#options.learnt.reorderDepth;
    const frameTicks = Math.round(VIDEO_CLOCK / (track.fps ?? USUAL_FPS));
    this.#epoch = {
      base: extended,
      shift: depth * frameTicks,
      inOrder: reading.reorderDepth === 0,
      depth,
      decodeTimes: new DecodeTimes(depth, frameTicks),
    };
    const firstPtsSec = this.#epoch.shift / VIDEO_CLOCK;
    this.#options.onEpoch({ track, timestamp, arrivedAtMs, firstPtsSec });
    return true;
  }

  #isDecodable(slice: NalRange, epoch: Epoch, extended: number): boolean {
    if (this.#waitsForKey) return false;
    if (this.#skipsLeading && this.#isLeading(slice, extended)) return false;
    if (epoch.inOrder) return true;
    const needed = epoch.decodeTimes.depthNeeded(extended - epoch.base + epoch.shift);
    if (needed <= epoch.depth) return true;
    // More B-frames than known: start again at the next key frame with decode times that leave room for them.
    this.#options.learnt.reorderDepth = needed;
    this.#epoch = undefined;
    this.#waitsForKey = true;
    return false;
  }

  #isLeading(slice: NalRange, extended: number): boolean {
    return this.#options.rules.isSkippedAfterStart(slice.type) || extended < this.#startedAt;
  }

  #describe(reading: SpsReading): VideoTrack {
    const { rules, plan } = this.#options;
    return {
      kind: 'video',
      codec: rules.codec,
      timescale: VIDEO_CLOCK,
      codecString: reading.codecString,
      profile: reading.profile,
      width: reading.width,
      height: reading.height,
      sar: reading.sar,
      fps: reading.fps ?? plan.framerate,
      ...(reading.colour ? { colour: reading.colour } : {}),
      ...(reading.reorderDepth === null ? {} : { reorderDepth: reading.reorderDepth }),
      parameterSets: this.#sets.all(),
    };
  }
}
