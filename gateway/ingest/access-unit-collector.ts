import { AccessUnit } from './codec/access-unit.ts';
import type { VideoRules } from './codec/video-rules.ts';
import type { RtpPacket } from './rtp/rtp-packet.ts';
import { SequenceTracker } from './rtp/sequence-tracker.ts';

export interface AccessUnitSink {
  /** A whole access unit; valid only during the call. */
  onUnit(unit: AccessUnit, timestamp: number): void;
  /** Something is missing: no frame may be handed on before the next key frame. */
  onLoss(): void;
  /** The camera began a new stream with other numbers. */
  onRestart(): void;
}

const MAX_UNIT_BYTES = 16 * 1024 * 1024;
const MAX_UNIT_NALS = 4096;

/** Joins the RTP packets of one video stream into access units, and never lets a damaged one through. */
export class AccessUnitCollector {
  readonly #rules: VideoRules;
  readonly #sink: AccessUnitSink;
  readonly #unit = new AccessUnit();
  readonly #sequence = new SequenceTracker();
  #ssrc: number | undefined;
  #timestamp: number | undefined;
  /** True when the unit in the making lacks its start or a part. */
  #broken = false;
  /** Timestamp of the last unit with a picture that was handed on. */
  #lastPicture: number | undefined;
  /** False once the camera was seen to set the marker inside a picture (some Reolink and no-name firmware). */
  #trustsMarker = true;
  packetsLost = 0;

  constructor(rules: VideoRules, sink: AccessUnitSink) {
    this.#rules = rules;
    this.#sink = sink;
  }

  /** Takes the next packet; its payload is in `buffer`. */
  push(packet: RtpPacket, buffer: Buffer): void {
    if (packet.ssrc !== this.#ssrc) this.#restart(packet.ssrc);
    const lost = this.#sequence.accept(packet.sequence);
    if (lost < 0) return;
    if (lost > 0) {
      this.packetsLost += lost;
      this.#breakUnit();
    } else if (packet.timestamp !== this.#timestamp) {
      this.#finish();
    }
    this.#timestamp = packet.timestamp;
    this.#take(packet, buffer);
    if (packet.marker && this.#trustsMarker) this.#finish();
  }

  /** Lets go of the memory; nothing comes any more. */
  close(): void {
    this.#unit.close();
  }

  #restart(ssrc: number): void {
    const known = this.#ssrc !== undefined;
    this.#ssrc = ssrc;
    if (!known) return;
    this.#sequence.reset();
    this.#breakUnit();
    this.#sink.onRestart();
  }

  #take(packet: RtpPacket, buffer: Buffer): void {
    const unit = this.#unit;
    const starts = unit.empty;
    const taken = this.#rules.depacketize(buffer, packet.payloadStart, packet.payloadEnd, unit);
    const first = unit.nals[0];
    // What stands first in an access unit proves that nothing of this one was lost.
    if (this.#broken && starts && first && this.#rules.beginsUnit(first.type)) this.#broken = false;
    const tooLarge = unit.byteLength > MAX_UNIT_BYTES || unit.nals.length > MAX_UNIT_NALS;
    if ((!taken || tooLarge) && !this.#broken) this.#breakUnit();
    if (this.#broken) unit.reset();
  }

  #finish(): void {
    const unit = this.#unit;
    if (!unit.empty && unit.fragmentOpen) this.#breakUnit();
    if (!unit.empty && !this.#broken && this.#startsWithFirstSlice()) {
      this.#sink.onUnit(unit, this.#timestamp ?? 0);
    }
    unit.reset();
    this.#broken = false;
  }

  /** False when the slices begin in mid-picture: the start was lost, or the marker came too early. */
  #startsWithFirstSlice(): boolean {
    const slice = this.#unit.nals.find((nal) => this.#rules.isSlice(nal.type));
    if (!slice) return true;
    if (this.#rules.isFirstSlice(this.#unit, slice)) {
      this.#lastPicture = this.#timestamp;
      return true;
    }
    if (this.#lastPicture === this.#timestamp) this.#trustsMarker = false;
    this.#sink.onLoss();
    return false;
  }

  #breakUnit(): void {
    this.#unit.reset();
    this.#broken = true;
    this.#sink.onLoss();
  }
}
