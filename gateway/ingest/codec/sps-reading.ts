import type { VideoColour } from '../media.ts';

/** What a sequence parameter set tells of the pictures. */
export interface SpsReading {
  codecString: string;
  /** As in `High` or `Main 10`. */
  profile: string;
  /** Pixels after cropping. */
  width: number;
  height: number;
  sar: { width: number; height: number };
  fps: number | null;
  /** Frames held back for reordering (B-frames); null when the set does not tell. */
  reorderDepth: number | null;
  /** Null when the set does not tell. */
  colour: VideoColour | null;
}

const MAX_SIDE = 16_384;

/** True for sizes that a camera can send; keeps nonsense from a damaged set away. */
export function isPlausibleSize(width: number, height: number): boolean {
  return width >= 16 && height >= 16 && width <= MAX_SIDE && height <= MAX_SIDE;
}

/** Frames a second from clock ticks, or null when it makes no sense (cameras write 0, 1/1, 90000/1 here). */
export function plausibleFps(timeScale: number, unitsPerFrame: number): number | null {
  const fps = timeScale / unitsPerFrame;
  return fps >= 0.1 && fps <= 240 ? Math.round(fps * 1000) / 1000 : null;
}
