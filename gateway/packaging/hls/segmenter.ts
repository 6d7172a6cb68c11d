import type { Chunk, ChunkSink, LiveRun } from '../live-run.ts';
import { Retained } from '../retained.ts';
import { CutForecast } from './cut-forecast.ts';
import { choosePartSize, endsWell, nextPartFrames } from './part-plan.ts';
import type { PartSize } from './part-plan.ts';
import { forgetSegment, ticksToSec } from './segment.ts';
import type { Part, Segment } from './segment.ts';
import { SegmentWindow } from './segment-window.ts';

/** A list begins with a short segment, so that the first viewer need not wait for the next key frame. */
const FIRST_SEGMENT_SEC = 0.2;
/** It may grow to this where the frames up to the next key frame would else end in a short part. */
const LONGEST_FIRST_SEC = 0.28;
/** A part that is not the last of its segment has at least this share of PART-TARGET (RFC 8216bis, 4.4.3.7). */
const LEAST_PART_SHARE = 0.85;
/** A capture time this near to the one expected is jitter; farther off, the wall clock was set. */
const CLOCK_JITTER_MS = 500;
const MAX_BYTES = 64 * 1024 * 1024;
/** A segment of this size is cut wherever it is. */
const MAX_SEGMENT_BYTES = MAX_BYTES / 2;

interface SegmenterOptions {
  firstMsn: number;
  /** EXT-X-DISCONTINUITY-SEQUENCE of the first segment. */
  discontinuitySequence: number;
  /** Aimed length of a segment; cut at the first key frame from there on. */
  segmentSec: number;
  listedCount: number;
  /** EXT-X-TARGETDURATION, s; a GOP that would go beyond it is cut without a key frame. */
  targetDurationSec: number;
  frameTicks: number;
  /** Distance of the camera's key frames, s, where it is known; the segmenter goes by what it sees from the second one on. */
  gopSec: number | null;
  onChange: () => void;
}

/** Cuts the chunks of one rendition into segments and parts for HLS; lives while HLS players ask. */
export class Segmenter implements ChunkSink {
  readonly window: SegmentWindow;
  /** EXT-X-TARGETDURATION, s; never changes (RFC 8216bis, 6.2.1). */
  readonly targetDurationSec: number;
  readonly #options: SegmenterOptions;
  readonly #frameSec: number;
  readonly #partSize: PartSize;
  #nextMsn: number;
  #run: LiveRun | null = null;
  #open: Segment | null = null;
  #openPart: Part | null = null;
  #filling = false;
  /** Frames that the first segment still gets of the GOP held. */
  #heldRest: number | null = null;
  readonly #forecast: CutForecast;
  /** Length at which the part in progress is closed. */
  #plannedTicks = 0;

  constructor(options: SegmenterOptions) {
    this.#options = options;
    this.#nextMsn = options.firstMsn;
    this.window = new SegmentWindow({
      listedCount: options.listedCount,
      maxBytes: MAX_BYTES,
      discontinuitySequence: options.discontinuitySequence,
    });
    this.targetDurationSec = options.targetDurationSec;
    this.#forecast = new CutForecast(options);
    this.#frameSec = ticksToSec(options.frameTicks);
    const { segmentFrames } = this.#forecast;
    this.#partSize = choosePartSize(this.#frameSec, segmentFrames);
  }

  /** PART-TARGET; never changes. */
  get partTargetSec(): number {
    return this.#partSize.targetSec;
  }

  /** The segment in progress with the parts that are finished; undefined between two. */
  get open(): Segment | undefined {
    return this.#open ?? undefined;
  }

  get nextMsn(): number {
    return this.#nextMsn;
  }

  /** Begins with the GOP already held, as one segment; its last frames are left to the next where that would end in a short part. */
  fill(run: LiveRun, held: readonly Chunk[]): void {
    this.#filling = true;
    this.onRun(run);
    let frames = held.filter(({ kind }) => kind === 'video').length - this.#leftToNext(held);
    for (const chunk of held) {
      if (chunk.kind === 'video' && frames === 0) this.#close();
      this.#heldRest = frames > 0 ? frames : null;
      if (chunk.kind === 'video') frames -= 1;
      this.onChunk(chunk);
    }
    this.#filling = false;
    this.#heldRest = null;
    this.#closeFirst();
  }

  onRun(run: LiveRun): void {
    if (this.#run) this.#close();
    this.#forecast.runEnded();
    this.#run = run;
  }

  onChunk(chunk: Chunk): void {
    if (!this.#run) return;
    if (chunk.kind === 'video') this.#makeRoom(chunk);
    this.#open ??= this.#begin(this.#run, chunk);
    const part = (this.#openPart ??= emptyPart());
    part.chunks.push(chunk.bytes);
    part.retained.add(chunk.memory);
    part.byteLength += chunk.bytes.byteLength;
    this.#open.byteLength += chunk.bytes.byteLength;
    if (chunk.kind === 'audio') return;
    if (this.#open.durationTicks === 0) this.#startWith(this.#open, chunk);
    if (part.durationTicks === 0) this.#plannedTicks = this.#planPart(this.#open);
    this.#forecast.frame(chunk);
    part.durationTicks += chunk.durationTicks;
    part.independent ||= chunk.key;
    this.#open.durationTicks += chunk.durationTicks;
    this.#closeFirst();
  }

  /** Lets go of all; nothing comes any more. */
  close(): void {
    this.#openPart?.retained.release();
    if (this.#open) forgetSegment(this.#open);
    this.window.clear();
  }

  /** True when the segment (and the part, if given) that a player waits for is there (RFC 8216bis, 6.2.5.2). */
  has(msn: number, part: number | undefined): boolean {
    if (msn < this.#nextMsn - (this.#open ? 1 : 0)) return true;
    return part !== undefined && this.#open?.msn === msn && this.#open.parts.length > part;
  }

  /** Closes part or segment when the coming frame belongs to the next one. */
  #makeRoom(chunk: Chunk): void {
    const open = this.#open;
    if (!open || open.durationTicks === 0) return;
    const lengthSec = ticksToSec(open.durationTicks);
    const longEnough = lengthSec >= this.#options.segmentSec - ticksToSec(chunk.durationTicks);
    const atKey = chunk.key && (longEnough || !open.startsWithKey);
    // EXTINF, rounded, must not exceed the target duration (RFC 8216bis, 4.4.3.1).
    const tooLong = Math.round(ticksToSec(open.durationTicks + chunk.durationTicks)) > this.targetDurationSec;
    if (atKey || tooLong || open.byteLength > MAX_SEGMENT_BYTES) {
      this.#close();
      return;
    }
    const part = this.#openPart;
    if (!part || part.durationTicks === 0) return;
    if (this.#isLongEnough(part, chunk)) {
      this.#closePart(open);
      this.#options.onChange();
    }
  }

  #isLongEnough(part: Part, next: Chunk): boolean {
    if (ticksToSec(part.durationTicks + next.durationTicks) > this.partTargetSec) return true;
    const asPlanned = part.durationTicks + next.durationTicks / 2 > this.#plannedTicks;
    return asPlanned && ticksToSec(part.durationTicks) >= LEAST_PART_SHARE * this.partTargetSec;
  }

  /** How long the part that begins with this frame should become. */
  #planPart(open: Segment): number {
    const rest = this.#heldRest ?? this.#forecast.restFrames(open.startsWithKey, open.durationTicks);
    return nextPartFrames(rest, this.#partSize, this.#frameSec) * this.#options.frameTicks;
  }

  /** Frames at the end of the held GOP that belong in the next segment, so that it can be cut into parts of usual length. */
  #leftToNext(held: readonly Chunk[]): number {
    const forecast = new CutForecast(this.#options);
    const frames = held.filter(({ kind }) => kind === 'video');
    for (const frame of frames) forecast.frame(frame);
    const rest = forecast.restFrames(false, 0);
    if (rest === null) return 0;
    const most = Math.min(
      frames.length - Math.ceil(FIRST_SEGMENT_SEC / this.#frameSec),
      2 * this.#partSize.least,
    );
    const fits = (count: number): boolean => endsWell(count, this.#partSize, this.#frameSec);
    const usable = Array.from({ length: Math.max(0, most + 1) }, (_, left) => left).filter((left) =>
      fits(rest + left),
    );
    return usable.find((left) => fits(frames.length - left)) ?? usable[0] ?? 0;
  }

  #begin(run: LiveRun, chunk: Chunk): Segment {
    const last = this.window.last;
    const segment: Segment = {
      msn: this.#nextMsn,
      run,
      discontinuity: last !== undefined && last.run.id !== run.id,
      startsWithKey: false,
      programDateMs: chunk.capturedAtMs,
      durationTicks: 0,
      byteLength: 0,
      parts: [],
    };
    this.#nextMsn += 1;
    return segment;
  }

  #startWith(segment: Segment, chunk: Chunk): void {
    segment.startsWithKey = chunk.key;
    const last = this.window.last;
    const expectedMs =
      last && !segment.discontinuity ? last.programDateMs + ticksToSec(last.durationTicks) * 1000 : null;
    const near = expectedMs !== null && Math.abs(expectedMs - chunk.capturedAtMs) < CLOCK_JITTER_MS;
    segment.programDateMs = near ? expectedMs : chunk.capturedAtMs;
  }

  #closeFirst(): void {
    if (this.#filling || this.window.last || !this.#open) return;
    const lengthSec = ticksToSec(this.#open.durationTicks);
    if (lengthSec < FIRST_SEGMENT_SEC) return;
    const rest = this.#forecast.restFrames(false, 0);
    const next = rest === null || endsWell(rest, this.#partSize, this.#frameSec);
    if (next || lengthSec >= LONGEST_FIRST_SEC) this.#close();
  }

  #closePart(segment: Segment): void {
    if (this.#openPart) segment.parts.push(this.#openPart);
    this.#openPart = null;
  }

  #close(): void {
    const segment = this.#open;
    if (!segment) return;
    this.#open = null;
    if (segment.durationTicks === 0) {
      this.#nextMsn = segment.msn;
      this.#openPart?.retained.release();
      this.#openPart = null;
      return;
    }
    this.#closePart(segment);
    this.window.add(segment, this.targetDurationSec);
    this.#options.onChange();
  }
}

function emptyPart(): Part {
  return { chunks: [], byteLength: 0, durationTicks: 0, independent: false, retained: new Retained() };
}
