import type { StreamInfo } from '../contract/camera.ts';

/** When a stream is more than a phone on a mobile line should load. */
export interface LowLimits {
  /** Pixels. */
  aboveWidth: number;
  aboveKbps: number;
}

/**
 * True when a camera whose smallest stream is this one gets the rendition `low`: every browser must play that stream
 * (H.264), and a phone load it. What is not known of it counts as good.
 */
export function needsLow(smallest: StreamInfo, limits: LowLimits): boolean {
  if (smallest.codec !== null && smallest.codec !== 'h264') return true;
  return (smallest.width ?? 0) > limits.aboveWidth || (smallest.bitrateKbps ?? 0) > limits.aboveKbps;
}
