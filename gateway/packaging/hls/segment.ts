import type { LiveRun } from '../live-run.ts';
import type { Retained } from '../retained.ts';

/** Bytes of one HTTP reply, in order, shared by all who ask. */
export interface Bytes {
  chunks: Buffer[];
  byteLength: number;
}

/** One partial segment; grows until it is listed, then never changes. */
export interface Part extends Bytes {
  /** Video time, 90 kHz. */
  durationTicks: number;
  /** It holds a key frame. */
  independent: boolean;
  /** The memory of its bytes, let go when its segment is forgotten. */
  retained: Retained;
}

/** One media segment; its parts together are its bytes. */
export interface Segment {
  /** Media sequence number; never used twice in the life of the process. */
  msn: number;
  run: LiveRun;
  /** True when the segment before it was of another run. */
  discontinuity: boolean;
  /** False for what follows a segment that was cut before its key frame, so that the first viewer need not wait. */
  startsWithKey: boolean;
  programDateMs: number;
  durationTicks: number;
  byteLength: number;
  parts: Part[];
}

/** Lets go of a segment's bytes: nobody can ask for it any more. */
export function forgetSegment(segment: Segment): void {
  for (const { retained } of segment.parts) retained.release();
}

/** Seconds of a number of 90 kHz ticks. */
export function ticksToSec(ticks: number): number {
  return ticks / 90_000;
}
