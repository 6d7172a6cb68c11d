import type { StreamInfo } from '../contract/camera.ts';

/** When a stream is more than a phone on a mobile line should load. */
export interface LowLimits {
  /** Pixels. */
  aboveWidth: number;
  aboveKbps: number;
}

/** A usual camera stream, for one whose rate nobody tells. */
const USUAL_BITS_A_PIXEL = 0.08;
const USUAL_FPS = 25;

/**
 * True when a camera whose smallest stream is this one gets the rendition `low`: every browser must play that stream
 * (H.264), and a phone load it. `toldKbps` is the rate it was set up with; where nobody tells, a usual one for its size
 * counts, as what is measured wavers with the scene. A stream of unknown codec and size counts as good.
 */
export function needsLow(smallest: StreamInfo, toldKbps: number | null, limits: LowLimits): boolean {
  const { codec, width, height, fps, bitrateKbps } = smallest;
  if (codec !== null && codec !== 'h264') return true;
  const pixels = (width ?? 0) * (height ?? 0);
  const usualKbps = (pixels * (fps ?? USUAL_FPS) * USUAL_BITS_A_PIXEL) / 1000;
  const kbps = toldKbps ?? Math.max(bitrateKbps ?? 0, usualKbps);
  return (width ?? 0) > limits.aboveWidth || kbps > limits.aboveKbps;
}
