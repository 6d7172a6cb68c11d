import { clipFacts } from './bench-clip.ts';

/** Frames of one moment are spread over so many slots, as those of true cameras are. */
export const SLOTS = 8;
const FRAME_MS = 1000 / clipFacts.fps;

/** When a camera takes which picture: known to all processes without asking, as it follows from clock and number. */
export interface CameraPhase {
  /** Pictures that this camera is ahead of camera 0: key frames of the cameras do not coincide. */
  framesAhead: number;
  slot: number;
}

/** The phase of camera `index`; at most half a clip ahead, see `ReplayFrames`. */
export function phaseOf(index: number): CameraPhase {
  return { framesAhead: (index * 7) % clipFacts.gopFrames, slot: index % SLOTS };
}

/** The moment (ms since 1970) at which a camera takes frame `n` of the endless stream. */
export function capturedAtMs(n: number, { framesAhead, slot }: CameraPhase): number {
  return (n - framesAhead) * FRAME_MS + (slot * FRAME_MS) / SLOTS;
}

/** The last frame that a camera has taken by `nowMs`. */
export function frameAt(nowMs: number, { framesAhead, slot }: CameraPhase): number {
  return Math.floor((nowMs - (slot * FRAME_MS) / SLOTS) / FRAME_MS) + framesAhead;
}

/** The capture time of the newest picture that bears `stamp` (its number in the clip). */
export function stampTimeMs(stamp: number, nowMs: number, phase: CameraPhase): number {
  const newest = frameAt(nowMs, phase);
  const back = (((newest - stamp) % clipFacts.frames) + clipFacts.frames) % clipFacts.frames;
  return capturedAtMs(newest - back, phase);
}
