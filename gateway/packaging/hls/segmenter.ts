import type { Chunk, ChunkSink, LiveRun } from '../live-run.ts';
import { Retained } from '../retained.ts';
import { forgetSegment, ticksToSec } from './segment.ts';
import type { Part, Segment } from './segment.ts';
import { SegmentWindow } from './segment-window.ts';

/** A list begins with a short segment, so that the first viewer need not wait for the next key frame. */
const FIRST_SEGMENT_SEC = 0.2;
/** Aim of a part, and the room above it for uneven frames; full parts stay above 85 % of PART-TARGET (RFC 8216bis, 4.4.3.7). */
const PART_AIM_SEC = 0.3;
const PART_ROOM = 1.1;
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
  onChange: () => void;
}

/** Cuts the chunks of one rendition into segments and parts for HLS; lives while HLS players ask. */
export class Segmenter implements ChunkSink {
  readonly window: SegmentWindow;
  /** PART-TARGET; never changes. */
  readonly partTargetSec: number;
  /** EXT-X-TARGETDURATION, s; never changes (RFC 8216bis, 6.2.1). */
  readonly targetDurationSec: number;
  readonly #options: SegmenterOptions;
  #nextMsn: number;
  #run: LiveRun | null = null;
  #open: Segment | null = null;
  #openPart: Part | null = null;
  #filling = false;

  constructor(options: SegmenterOptions) {
    this.#options = options;
    this.#nextMsn = options.firstMsn;
    this.window = new SegmentWindow({
      listedCount: options.listedCount,
      maxBytes: MAX_BYTES,
      discontinuitySequence: options.discontinuitySequence,
    });
    const frameSec = ticksToSec(options.frameTicks);
    const framesInPart = Math.max(1, Math.round(PART_AIM_SEC / frameSec));
    this.partTargetSec = Math.ceil(framesInPart * frameSec * PART_ROOM * 1000) / 1000;
    this.targetDurationSec = options.targetDurationSec;
  }

  /** The segment in progress with the parts that are finished; undefined between two. */
  get open(): Segment | undefined {
    return this.#open ?? undefined;
  }

  get nextMsn(): number {
    return this.#nextMsn;
  }

  /** Begins with the GOP already held, as one segment. */
  fill(run: LiveRun, held: readonly Chunk[]): void {
    this.#filling = true;
    this.onRun(run);
    for (const chunk of held) this.onChunk(chunk);
    this.#filling = false;
    this.#closeFirst();
  }

  onRun(run: LiveRun): void {
    if (this.#run) this.#close();
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
    if (ticksToSec(part.durationTicks + chunk.durationTicks) > this.partTargetSec) {
      this.#closePart(open);
      this.#options.onChange();
    }
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
    if (ticksToSec(this.#open.durationTicks) >= FIRST_SEGMENT_SEC) this.#close();
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
